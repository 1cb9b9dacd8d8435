import Domain
import Foundation
import Support

/// The k-th time that a thread enters a system call, its process is killed.
struct KillPoint: CustomStringConvertible {
    var call: String
    var number: Int

    var description: String { "\(call) \(number)" }

    /// `-D`: strace is no parent, so that signals and the status are the program's own.
    var wrapper: [String] {
        [
            "strace", "-D", "-f", "--seccomp-bpf", "-qqq", "-o", "/dev/null", "-e", "trace=\(call)", "-e",
            "inject=\(call):signal=SIGKILL:when=\(number)",
        ]
    }
}

/// Which points there are: how often at most one thread of a whole run enters each call. No two runs of a program with
/// threads are the same, so the plan is a part of what plays a failure again. Even with it a point names a thread's place,
/// not the whole process': what the other threads were at is the system's choice.
struct KillPlan {
    /// What changes files, sockets and processes, and what waits for them.
    static let calls = [
        "read", "write", "pread64", "pwrite64", "writev", "sendto", "sendmsg", "recvfrom", "recvmsg", "openat", "close",
        "fsync",
        "fdatasync", "ftruncate", "rename", "renameat", "renameat2", "link", "unlink", "unlinkat", "mkdir", "socket",
        "connect",
        "clone", "clone3", "vfork", "execve", "pipe2", "fcntl", "flock", "mmap", "munmap", "epoll_wait", "epoll_ctl",
        "futex",
        "kill", "wait4", "waitid", "exit_group", "getdents64", "fstat", "newfstatat", "access", "utimensat", "chmod",
        "fchmod",
        "lseek", "eventfd2", "timerfd_settime", "dup2", "poll", "ppoll", "pselect6", "setsockopt", "getsockopt",
        "shutdown",
    ]
    /// These are drawn more often than their share: what is half done there is seen by others.
    static let likely = [
        "pwrite64", "write", "writev", "fdatasync", "fsync", "sendto", "recvfrom", "read", "openat", "unlink", "rename",
        "connect",
        "clone3", "clone", "link",
    ]

    private var most: [(call: String, number: Int)]
    private var likely: [(call: String, number: Int)]

    /// - Parameter trace: what `strace -f` wrote of one undisturbed run. The threads of the first process count, not those of
    ///   its git workers: these are killed now and then all the same, since a point is a thread's of any process.
    init(trace: String) throws {
        var counts: [Substring: [Substring: Int]] = [:]
        var family = ThreadFamily()
        for line in trace.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
            guard words.count == 2 else { continue }
            let said = words[1].drop { $0 == " " }
            family.take(thread: words[0], said)
            guard !said.hasPrefix("<..."), let end = said.firstIndex(of: "(") else { continue }
            counts[words[0], default: [:]][said[..<end], default: 0] += 1
        }
        var most: [Substring: Int] = [:]
        for (thread, calls) in counts where family.isOfFirstProcess(thread) {
            most.merge(calls) { max($0, $1) }
        }
        try self.init(most.map { (String($0.key), $0.value) })
    }

    /// - Parameter text: what another run's `description` said.
    init(text: String) throws {
        try self.init(
            try text.split(separator: ",").map { part in
                let words = part.split(separator: " ")
                guard words.count == 2, let number = Int(words[1]), number > 0 else {
                    throw Violation("`\(part)` is not a call and a number, such as `write 48`")
                }
                return (String(words[0]), number)
            })
    }

    private init(_ most: [(call: String, number: Int)]) throws {
        self.most = most.sorted { $0.call < $1.call }
        likely = self.most.filter { Self.likely.contains($0.call) }
        guard !likely.isEmpty else { throw Violation("no system call is known to be entered") }
    }

    var description: String { most.map { "\($0.call) \($0.number)" }.joined(separator: ",") }

    func point(_ random: inout SeededRandom) -> KillPoint {
        let (call, number) = random.one(of: random.chance(70) ? likely : most)
        // Work moves between threads, so that a late point is seldom reached: each half as far is drawn as often.
        let halvings = random.below(number.bitWidth - number.leadingZeroBitCount)
        return KillPoint(call: call, number: 1 + random.below(number >> halvings))
    }

    static func tracing(to file: String) -> [String] {
        [
            "strace", "-D", "-f", "--seccomp-bpf", "-qqq", "-o", file, "-e",
            "trace=" + calls.map { "?" + $0 }.joined(separator: ","),
        ]
    }
}

/// Which threads belong to the process that was started first.
struct ThreadFamily {
    private var first: Substring?
    /// Of a thread: who made it, where it is one of the same process.
    private var makers: [Substring: Substring] = [:]
    private var isMakingThread: [Substring: Bool] = [:]

    /// What strace says of a call: `clone3({flags=…CLONE_THREAD…}, 88) = 4711`, or the same in two parts.
    mutating func take(thread: Substring, _ said: Substring) {
        first = first ?? thread
        let begins = said.hasPrefix("clone")
        if begins { isMakingThread[thread] = said.contains("CLONE_THREAD") }
        guard begins || said.hasPrefix("<... clone"), isMakingThread[thread] == true,
            let made = said.split(separator: " ").last, made.allSatisfy(\.isNumber)
        else { return }
        makers[made] = thread
    }

    func isOfFirstProcess(_ thread: Substring) -> Bool {
        var thread = thread
        while let maker = makers[thread] { thread = maker }
        return thread == first
    }
}
