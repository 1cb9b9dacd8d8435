import Foundation
import Glibc

/// A run of the built binary, measured from outside by what the system accounts to it.
struct Child {
    var status: Int32
    var seconds: Double
    /// User and system time of the process and of its own children.
    var processorSeconds: Double
    /// Of the largest single process.
    var peakMegabytes: Double
    var output: String

    struct Failure: Error, CustomStringConvertible { var description: String }

    /// Runs to the end; standard error passes through, standard output is kept.
    static func run(_ path: String, _ arguments: [String], in folder: String) throws -> Child {
        let outPath = "\(folder)/output"
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 1, outPath, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) }
        words.append(nil)
        defer { for word in words { free(word) } }
        var process = pid_t()
        let started = ContinuousClock.now
        let code = posix_spawn(&process, path, &actions, nil, words, environ)
        guard code == 0 else {
            throw Failure(description: "\(path) cannot be started: \(String(cString: strerror(code)))")
        }
        var status: Int32 = 0
        var usage = rusage()
        while wait4(process, &status, 0, &usage) < 0 {
            guard errno == EINTR else { throw Failure(description: "lost sight of \(path)") }
        }
        let span = (ContinuousClock.now - started).components
        let output = try String(contentsOfFile: outPath, encoding: .utf8)
        return Child(
            status: (status >> 8) & 0xFF, seconds: Double(span.seconds) + Double(span.attoseconds) * 1e-18,
            processorSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime),
            peakMegabytes: Double(usage.ru_maxrss) / 1024, output: output)
    }

    private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) * 1e-6 }
}
