import Foundation
import Glibc

/// A `ballast serve` that runs beside the benchmark, measured from outside.
final class Daemon {
    let process: pid_t
    let port: Int
    private let errors: String
    private var hasEnded = false

    static let startSeconds = 60.0
    static let stopSeconds = 15.0

    /// Returns once it is ready, that is, after its first pass.
    init(_ stage: Stage) async throws {
        errors = "\(stage.folder)/serve.log"
        process = try Child.spawn(
            try Stage.binary(), ["serve", "--config", stage.configuration], output: "\(stage.folder)/serve.out",
            errors: errors)
        let pattern = "\"port\":\""
        var found: Int?
        let deadline = ContinuousClock.now + .seconds(Self.startSeconds)
        while found == nil, ContinuousClock.now < deadline {
            let text = (try? String(contentsOfFile: errors, encoding: .utf8)) ?? ""
            if let line = text.split(separator: "\n").first(where: { $0.contains("\"message\":\"listening\"") }),
                let start = line.firstRange(of: pattern)
            {
                found = Int(line[start.upperBound...].prefix { $0.isNumber })
            } else {
                try await Task.sleep(for: .milliseconds(20))
            }
        }
        guard let found else {
            kill(process, SIGKILL)
            throw Child.Failure(
                description: "serve did not listen: \((try? String(contentsOfFile: errors, encoding: .utf8)) ?? "")")
        }
        port = found
        while try await status(of: "/readyz") != 200 {
            guard ContinuousClock.now < deadline else { throw Child.Failure(description: "serve did not get ready") }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    deinit { if !hasEnded { kill(process, SIGKILL) } }

    func status(of path: String) async throws -> Int {
        let socket = try LoopbackSocket(port: port)
        return try socket.ask("GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").status
    }

    func page(_ path: String) async throws -> String {
        let socket = try LoopbackSocket(port: port)
        return try socket.ask("GET \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n").body
    }

    /// Looks at the remote since the start, readings included.
    func looks() async throws -> Int {
        let name = "ballast_source_fetch_duration_seconds_count "
        let line = try await page("/metrics").split(separator: "\n").first { $0.hasPrefix(name) }
        return line.flatMap { Int($0.dropFirst(name.count)) } ?? 0
    }

    var log: [LogLine] { LogLine.all(in: (try? String(contentsOfFile: errors, encoding: .utf8)) ?? "") }

    /// Ends it as a service manager does; its status must be 0.
    func stop() throws -> Int32 {
        hasEnded = true
        kill(process, SIGTERM)
        return try Child.wait(for: process).status
    }

    var residentMegabytes: Double { ProcessFigures.residentMegabytes(of: process) }
    /// Of the process and its git workers.
    var processorSeconds: Double {
        ([process] + ProcessFigures.children(of: process)).reduce(0) { $0 + ProcessFigures.processorSeconds(of: $1) }
    }
    var workerMegabytes: Double {
        ProcessFigures.children(of: process).reduce(0) { $0 + ProcessFigures.residentMegabytes(of: $1) }
    }
}

/// What /proc says (proc(5)).
enum ProcessFigures {
    static func residentMegabytes(of process: pid_t) -> Double {
        let text = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return (line?.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? 0) / 1024
    }

    static func processorSeconds(of process: pid_t) -> Double {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let end = text.lastIndex(of: ")")
        else { return 0 }
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 14 else { return 0 }
        let ticks = (11...14).reduce(0.0) { $0 + (Double(fields[$1]) ?? 0) }
        return ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    static func children(of process: pid_t) -> [pid_t] {
        let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")) ?? []
        return tasks.flatMap { task in
            ((try? String(contentsOfFile: "/proc/\(process)/task/\(task)/children", encoding: .utf8)) ?? "")
                .split(separator: " ").compactMap { pid_t($0) }
        }
    }
}
