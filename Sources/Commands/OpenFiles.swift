import Glibc

/// How many files this process may have open at a time. Libraries below end the process where they cannot open what they need,
/// so that too low a limit is told before they are asked.
enum OpenFiles {
    /// The state, two git workers, sockets and event loops, and as much again.
    static let least: rlim_t = 128
    /// What a process asks for where it was given less: most systems give 1024 and allow much more.
    static let wanted: rlim_t = 4096

    /// A process that was started without one of the standard streams would get its number for the next file that it opens, and
    /// print into that: the audit log, say. What was closed reads and writes nothing.
    static func fillStandardStreams() {
        while true {
            let descriptor = open("/dev/null", O_RDWR)
            guard (0...STDERR_FILENO).contains(descriptor) else {
                if descriptor >= 0 { close(descriptor) }
                return
            }
        }
    }

    /// Raises the limit as far as it may be raised. - Returns: why that is not enough, where it is not.
    static func failure() -> CommandFailure? {
        var limit = rlimit()
        let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(files, &limit) == 0 else { return nil }
        if limit.rlim_cur < min(wanted, limit.rlim_max) {
            limit.rlim_cur = min(wanted, limit.rlim_max)
            // What cannot be raised stays as it is.
            _ = setrlimit(files, &limit)
            _ = getrlimit(files, &limit)
        }
        guard limit.rlim_cur < least else { return nil }
        return CommandFailure(
            .unusable, "this process may have \(limit.rlim_cur) files open at a time, and needs at least \(least)",
            remedy: "Raise the limit: `ulimit -n 1024` in a shell, `LimitNOFILE=` in a unit of systemd.")
    }
}
