import Foundation
import Glibc

/// What the system says of this process, under the names that Prometheus' own clients use.
enum ProcessFigures {
    static func add(to page: inout MetricsPage) {
        guard let text = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8),
            let end = text.lastIndex(of: ")")
        else { return }
        // After the name in parentheses; utime and stime are fields 14 and 15, starttime 22, rss 24 (proc(5)).
        let fields = text[text.index(after: end)...].split(separator: " ").map(String.init)
        guard fields.count > 21 else { return }
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        let used = (Double(fields[11]) ?? 0) + (Double(fields[12]) ?? 0)
        page.family("process_cpu_seconds_total", .counter, "Processor time used.")
        page.sample("process_cpu_seconds_total", [], used / ticks)
        page.family("process_resident_memory_bytes", .gauge, "Memory in use.")
        page.sample(
            "process_resident_memory_bytes", [], (Double(fields[21]) ?? 0) * Double(sysconf(Int32(_SC_PAGESIZE))))
        let files = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? 0
        page.family("process_open_fds", .gauge, "File descriptors that are open.")
        page.sample("process_open_fds", [], Double(files))
    }
}
