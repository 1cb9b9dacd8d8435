import Glibc

/// File descriptors, of which a process may have so many (RLIMIT_NOFILE).
enum Descriptors {
    /// What starting a child takes for a moment: three pipes and copies of their ends, `/dev/null`, the child's own descriptor,
    /// and what watches over them; with room for whoever opens files meanwhile.
    static let neededForChild = 32

    /// swift-subprocess ends the whole process where it could open some of what it needs and then no more, so it is called only
    /// where there is enough.
    static func requireForChild(_ count: Int = neededForChild) throws(GitError) {
        var limit = rlimit()
        let isKnown = unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
        if isKnown, rlim_t(count) < limit.rlim_cur, areFree(count) { return }
        let most = isKnown ? "\(limit.rlim_cur)" : "unknown"
        throw GitError(
            .worker,
            "no process can be started: too many files are open (the limit is \(most)); raise it with LimitNOFILE= or ulimit -n"
        )
    }

    private static func areFree(_ count: Int) -> Bool {
        var taken: [Int32] = []
        defer { for descriptor in taken { close(descriptor) } }
        let null = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard null >= 0 else { return false }
        taken.append(null)
        while taken.count < count {
            let descriptor = fcntl(null, F_DUPFD_CLOEXEC, 0)
            guard descriptor >= 0 else { return false }
            taken.append(descriptor)
        }
        return true
    }
}
