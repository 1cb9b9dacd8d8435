import Foundation
import Glibc

/// A run of the built binary, measured from outside by what the system accounts to it.
struct Child {
    var status: Int32
    var seconds: Double
    /// User and system time of the process and of its own children.
    var processorSeconds: Double
    /// Of the largest single process, itself or one that it started.
    var peakMegabytes: Double
    var output: String
    /// Standard error, one line each.
    var log: [LogLine]

    struct Failure: Error, CustomStringConvertible { var description: String }

    /// Runs to the end and keeps what was printed.
    static func run(_ path: String, _ arguments: [String], in folder: String) throws -> Child {
        let started = ContinuousClock.now
        let process = try spawn(path, arguments, output: "\(folder)/output", errors: "\(folder)/errors")
        let memory = PeakMemory(of: process)
        let (status, usage) = try wait(for: process)
        let peak = memory.end()
        let span = (ContinuousClock.now - started).components
        let errors = try String(contentsOfFile: "\(folder)/errors", encoding: .utf8)
        return Child(
            status: status, seconds: Double(span.seconds) + Double(span.attoseconds) * 1e-18,
            processorSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime),
            peakMegabytes: peak,
            output: try String(contentsOfFile: "\(folder)/output", encoding: .utf8) + errors,
            log: LogLine.all(in: errors))
    }

    static func spawn(_ path: String, _ arguments: [String], output: String, errors: String) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Threads of the runtime block every signal, and a child inherits that: it could not be ended.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        for (descriptor, file) in [(Int32(1), output), (2, errors)] {
            posix_spawn_file_actions_addopen(&actions, descriptor, file, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        }
        keepDescriptors()
        var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) }
        words.append(nil)
        defer { for word in words { free(word) } }
        var process = pid_t()
        let code = posix_spawn(&process, path, &actions, &attributes, words, environ)
        guard code == 0 else {
            throw Failure(description: "\(path) cannot be started: \(String(cString: strerror(code)))")
        }
        return process
    }

    /// Sockets that listen here would go on listening in the child.
    private static func keepDescriptors() {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? [] {
            if let descriptor = Int32(name), descriptor > 2 { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        }
    }

    static func wait(for process: pid_t) throws -> (status: Int32, usage: rusage) {
        var status: Int32 = 0
        var usage = rusage()
        while wait4(process, &status, 0, &usage) < 0 {
            guard errno == EINTR else { throw Failure(description: "lost sight of process \(process)") }
        }
        let signal = status & 0x7F
        return (signal == 0 ? (status >> 8) & 0xFF : 128 + signal, usage)
    }

    private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) * 1e-6 }

    /// The effects of one kind that the log tells of (`logging.level: debug`).
    func performed(_ effect: String) -> [LogLine] { log.filter { $0.performed == effect } }
}

/// One line of the structured log, of which the benchmarks read what was performed and when.
struct LogLine: Decodable {
    var time: String
    var message: String
    var effect: String?
    var milliseconds: String?
    var transferMilliseconds: String?

    /// Lines that are none are passed over.
    static func all(in text: some StringProtocol) -> [LogLine] {
        let decoder = JSONDecoder()
        return text.split(separator: "\n").compactMap { try? decoder.decode(LogLine.self, from: Data($0.utf8)) }
    }

    var performed: String? { message == "performed" ? effect : nil }
    var span: Double { milliseconds.flatMap { Double($0) } ?? 0 }
}
