import Foundation
import Support

/// What the system says of the daemon and its workers (proc(5)).
struct ProcessFigures {
    /// Resident, MiB; of all workers together.
    var megabytes: Double
    var workerMegabytes: Double
    /// Open files, sockets and pipes; of all workers together.
    var files: Int
    var workerFiles: Int
    var threads: Int
    var stateBytes: Int

    init(of process: Int32, folder: TemporaryFolder) throws {
        guard let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8) else {
            throw Violation("the daemon is gone: \(try folder.read("serve.log").suffix(3000))")
        }
        let children = Self.children(of: process)
        megabytes = Self.number("VmRSS:", status) / 1024
        threads = Int(Self.number("Threads:", status))
        workerMegabytes = children.reduce(0) { sum, child in
            sum + Self.number("VmRSS:", (try? String(contentsOfFile: "/proc/\(child)/status", encoding: .utf8)) ?? "")
                / 1024
        }
        files = Self.files(of: process)
        workerFiles = children.reduce(0) { $0 + Self.files(of: $1) }
        stateBytes = ["ballast.db", "ballast.db-wal"].reduce(0) { sum, name in
            sum + (((try? FileManager.default.attributesOfItem(atPath: folder.path(name)))?[.size] as? Int) ?? 0)
        }
    }

    private static func number(_ name: String, _ status: String) -> Double {
        let line = status.split(separator: "\n").first { $0.hasPrefix(name) }
        return line?.dropFirst(name.count).split(whereSeparator: \.isWhitespace).first.flatMap { Double($0) } ?? 0
    }

    private static func files(of process: Int32) -> Int {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd").count) ?? 0
    }

    private static func children(of process: Int32) -> [Int32] {
        let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")) ?? []
        return tasks.flatMap { task in
            ((try? String(contentsOfFile: "/proc/\(process)/task/\(task)/children", encoding: .utf8)) ?? "")
                .split(separator: " ").compactMap { Int32($0) }
        }
    }

    static let header = """
        minute  commits  deployments  events  records  quiet s  answer ms p50/max  memory MiB +workers  files +workers  threads  state KiB
        """

    /// What came to pass until then. The records are all proved, in the journal and in the log.
    struct Counts {
        var commits: Int
        var deployments: Int
        var events: Int
        var records: Int
    }

    func line(_ minute: Int, _ counts: Counts, _ seconds: Double, _ answers: [Double]) -> String {
        let sorted = answers.sorted()
        let median = sorted.isEmpty ? 0 : sorted[sorted.count / 2]
        func short(_ number: Double) -> String { "\((number * 10).rounded() / 10)" }
        let columns: [(String, Int)] = [
            ("\(minute)", 6), ("\(counts.commits)", 7), ("\(counts.deployments)", 11), ("\(counts.events)", 6),
            ("\(counts.records)", 7), (short(seconds), 7),
            ("\(short(median))/\(short(sorted.last ?? 0))", 17),
            ("\(short(megabytes)) +\(short(workerMegabytes))", 19), ("\(files) +\(workerFiles)", 14),
            ("\(threads)", 7), ("\(stateBytes / 1024)", 9),
        ]
        return columns.map { String(repeating: " ", count: max(0, $1 - $0.count)) + $0 }.joined(separator: "  ")
    }
}
