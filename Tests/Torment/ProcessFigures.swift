import Foundation
import Glibc
import Support

/// What the system says of the daemon and its workers (proc(5)).
struct ProcessFigures {
    var megabytes: Double
    var workerMegabytes: Double
    var files: Int
    var threads: Int
    var workers: Int
    var stateBytes: Int

    init(of process: Int32, folder: TemporaryFolder) throws {
        guard let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8) else {
            throw Violation("the daemon is gone: \(try folder.read("serve.log").suffix(3000))")
        }
        let children = Self.children(of: process)
        megabytes = Self.number("VmRSS:", status) / 1024
        threads = Int(Self.number("Threads:", status))
        workers = children.count
        workerMegabytes = children.reduce(0) { sum, child in
            sum + Self.number("VmRSS:", (try? String(contentsOfFile: "/proc/\(child)/status", encoding: .utf8)) ?? "")
                / 1024
        }
        files = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd").count) ?? 0
        stateBytes = ["ballast.db", "ballast.db-wal"].reduce(0) { sum, name in
            sum + (((try? FileManager.default.attributesOfItem(atPath: folder.path(name)))?[.size] as? Int) ?? 0)
        }
    }

    private static func number(_ name: String, _ status: String) -> Double {
        let line = status.split(separator: "\n").first { $0.hasPrefix(name) }
        return line?.dropFirst(name.count).split(whereSeparator: \.isWhitespace).first.flatMap { Double($0) } ?? 0
    }

    private static func children(of process: Int32) -> [Int32] {
        let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")) ?? []
        return tasks.flatMap { task in
            ((try? String(contentsOfFile: "/proc/\(process)/task/\(task)/children", encoding: .utf8)) ?? "")
                .split(separator: " ").compactMap { Int32($0) }
        }
    }

    static let header = """
        minute  commits  deployments  events  quiet s  answer ms p50/max  memory MiB +workers  files  threads  state KiB
        """

    func line(
        _ minute: Int, _ commits: Int, _ jobs: Int, _ events: Int, _ seconds: Double, _ answers: [Double]
    ) -> String {
        let sorted = answers.sorted()
        let median = sorted.isEmpty ? 0 : sorted[sorted.count / 2]
        func short(_ number: Double) -> String { "\((number * 10).rounded() / 10)" }
        let columns: [(String, Int)] = [
            ("\(minute)", 6), ("\(commits)", 7), ("\(jobs)", 11), ("\(events)", 6), (short(seconds), 7),
            ("\(short(median))/\(short(sorted.last ?? 0))", 17),
            ("\(short(megabytes)) +\(short(workerMegabytes))", 19), ("\(files)", 5), ("\(threads)", 7),
            ("\(stateBytes / 1024)", 9),
        ]
        return columns.map { String(repeating: " ", count: max(0, $1 - $0.count)) + $0 }.joined(separator: "  ")
    }
}

/// One request to a server on this machine.
enum LocalHTTP {
    static let timeoutSeconds = 10

    /// - Throws: `Violation` where the answer is no 200.
    static func milliseconds(port: Int, path: String) throws -> Double {
        let start = ContinuousClock.now
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var limit = timeval(tv_sec: timeoutSeconds, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let isConnected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else { throw Violation("nobody listens on port \(port)") }
        let request = Array("GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8)
        guard send(socket, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else {
            throw Violation("the request could not be sent")
        }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(socket, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            answer += buffer[..<count]
        }
        let text = String(decoding: answer, as: UTF8.self)
        guard text.hasPrefix("HTTP/1.1 200") else { throw Violation("\(path) answered: \(text.prefix(200))") }
        return (ContinuousClock.now - start) / .milliseconds(1)
    }
}
