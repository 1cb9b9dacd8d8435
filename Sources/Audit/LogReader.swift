/// Reads the lines of a log, all of its files as one trail, without a state.
package struct LogReader: Sendable {
    package enum Line: Sendable {
        case record(AuditRecord)
        /// Somebody else's, or torn: a proof names it.
        case other
    }

    private let path: String

    package init(path: String) { self.path = path }

    /// Blocks; memory for one line and one chunk.
    /// - Throws: `AuditError.logUnreadable` where neither the file nor a closed one of it is there.
    package func walk(_ body: (Line) throws -> Void) throws {
        let segments = LogSegment.all(of: path, own: nil)
        guard !segments.isEmpty else {
            // Says why.
            _ = try LogFile(path: path, access: .read)
            throw AuditError(.logUnreadable, "the audit log \(path) cannot be read")
        }
        for segment in segments {
            let file = try segment.open()
            var failure: (any Error)?
            try LogLines.walk(file, until: try file.size()) { line throws(AuditError) in
                let record = line.isTerminated ? AuditLineKind(line.bytes).record : nil
                do { try body(record.map { .record($0) } ?? .other) } catch { failure = error }
                return failure == nil
            }
            if let failure { throw failure }
        }
    }
}
