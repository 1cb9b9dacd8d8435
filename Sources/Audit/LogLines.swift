/// Walks the lines of the log forwards or backwards, with memory for one line and one chunk.
enum LogLines {
    private static let chunkBytes = 64 << 10
    private static let lineFeed = UInt8(ascii: "\n")

    struct Line {
        /// Empty where it is longer than any record can be.
        var bytes: [UInt8]
        /// Of its first byte.
        var offset: Int64
        /// From 1; 0 where the walk is backwards.
        var number: Int
        var isTerminated: Bool
    }

    static func forwards(
        _ file: LogFile, until end: Int64, body: (Line) throws(AuditError) -> Void
    ) throws(AuditError) {
        try walk(file, until: end) { line throws(AuditError) in
            try body(line)
            return true
        }
    }

    /// `body` answers whether to go on.
    static func walk(
        _ file: LogFile, until end: Int64, body: (Line) throws(AuditError) -> Bool
    ) throws(AuditError) {
        var line: [UInt8] = []
        var start: Int64 = 0
        var offset: Int64 = 0
        var number = 1
        while offset < end {
            let chunk = try file.read(at: offset, count: Int(min(Int64(chunkBytes), end - offset)))
            if chunk.isEmpty { break }
            var rest = chunk[...]
            while let feed = rest.firstIndex(of: lineFeed) {
                line.append(contentsOf: rest[..<feed])
                let whole = Line(bytes: bounded(line), offset: start, number: number, isTerminated: true)
                guard try body(whole) else { return }
                line.removeAll(keepingCapacity: true)
                rest = rest[(feed + 1)...]
                start = offset + Int64(feed) + 1
                number += 1
            }
            if line.count <= AuditLimits.maxReadLineBytes { line.append(contentsOf: rest) }
            offset += Int64(chunk.count)
        }
        if !line.isEmpty {
            _ = try body(Line(bytes: bounded(line), offset: start, number: number, isTerminated: false))
        }
    }

    /// From the end; `body` answers whether to go on.
    static func backwards(
        _ file: LogFile, from end: Int64, body: (Line) throws(AuditError) -> Bool
    ) throws(AuditError) {
        var tail: [UInt8] = []
        var offset = end
        var isTerminated = false
        while offset > 0 {
            let count = Int(min(Int64(chunkBytes), offset))
            offset -= Int64(count)
            var chunk = try file.read(at: offset, count: count)[...]
            while let feed = chunk.lastIndex(of: lineFeed) {
                let bytes = Array(chunk[(feed + 1)...]) + tail
                let start = offset + Int64(feed) + 1
                if isTerminated || !bytes.isEmpty {
                    let line = Line(bytes: bounded(bytes), offset: start, number: 0, isTerminated: isTerminated)
                    guard try body(line) else { return }
                }
                isTerminated = true
                tail.removeAll(keepingCapacity: true)
                chunk = chunk[..<feed]
            }
            tail = tail.count > AuditLimits.maxReadLineBytes ? tail : Array(chunk) + tail
        }
        if isTerminated || !tail.isEmpty {
            _ = try body(Line(bytes: bounded(tail), offset: 0, number: 0, isTerminated: isTerminated))
        }
    }

    /// One file after the other; each numbers its own lines.
    static func forwards(
        _ segments: [LogSegment], body: (Line) throws(AuditError) -> Void
    ) throws(AuditError) {
        for segment in segments {
            let file = try segment.open()
            try forwards(file, until: try file.size(), body: body)
        }
    }

    /// From the end of the last file; `body` answers whether to go on.
    static func backwards(
        _ segments: [LogSegment], body: (Line) throws(AuditError) -> Bool
    ) throws(AuditError) {
        var goesOn = true
        for segment in segments.reversed() where goesOn {
            let file = try segment.open()
            try backwards(file, from: try file.size()) { line throws(AuditError) in
                goesOn = try body(line)
                return goesOn
            }
        }
    }

    private static func bounded(_ line: [UInt8]) -> [UInt8] {
        line.count > AuditLimits.maxReadLineBytes ? [] : line
    }
}
