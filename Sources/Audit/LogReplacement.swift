import Crypto
import Glibc

/// The log written anew from the journal, beside the old one until it takes its place. The old one, every file of it, stays under
/// names of its own, and nothing of it is changed. After a crash while they are renamed a rebuild begins anew.
package struct LogReplacement: Sendable {
    private static let chunkBytes = 64 << 10

    /// Where the old log stays.
    package let aside: String
    /// Closed files that stay beside it under the same ending.
    package let closed: Int
    /// Of the old log, its files one after the other.
    package let bytes: Int64
    package let sha256: String
    /// Of the new one.
    package let records: Int64
    private let path: String
    private var draft: String { path + ".new" }

    /// Writes the new log and syncs it. Blocks.
    /// - Throws: `AuditError` where the old one cannot be read, or the new one cannot be written.
    package init(of path: String, aside: String, from journal: any AuditJournal) throws {
        self.path = path
        self.aside = aside
        let old = LogSegment.all(of: path, own: try journal.chainID())
        closed = old.filter { !$0.isPresent }.count
        (bytes, sha256) = try Self.digest(of: old)
        unlink(path + ".new")
        let file = try LogFile(path: path + ".new", access: .append)
        var last: Int64 = 0
        while true {
            let lines = try journal.lines(after: last, limit: AuditLimits.maxLinesPerPage)
            guard let end = lines.last else { break }
            try file.append(lines.flatMap { Array($0.line.utf8) + [UInt8(ascii: "\n")] })
            last = end.index
        }
        records = last
    }

    /// Done again after a failure, it goes on where it ended.
    func takePlace() throws(AuditError) {
        for closed in LogFiles.closed(of: path) {
            let target = closed.path + aside.dropFirst(path.count)
            guard rename(closed.path, target) == 0 else { throw Self.failure(closed.path, target, errno) }
        }
        if link(path, aside) != 0 {
            let number = errno
            guard number == EEXIST, LogFile.isSame(path, aside) else { throw Self.failure(path, aside, number) }
        }
        LogFile.syncFolder(of: path)
        guard rename(draft, path) == 0 else {
            throw AuditError(
                .logUnwritable,
                "cannot put the audit log \(path) in place: \(String(cString: strerror(errno))); run "
                    + "`ballast audit rebuild` again")
        }
        LogFile.syncFolder(of: path)
    }

    private static func failure(_ path: String, _ target: String, _ number: CInt) -> AuditError {
        AuditError(
            .logUnwritable,
            "cannot set the audit log \(path) aside as \(target): \(String(cString: strerror(number))); nothing was lost; "
                + "run `ballast audit rebuild` again")
    }

    private static func digest(of segments: [LogSegment]) throws(AuditError) -> (bytes: Int64, sha256: String) {
        var hash = SHA256()
        var bytes: Int64 = 0
        for segment in segments {
            let file = try segment.open()
            var offset: Int64 = 0
            while true {
                let chunk = try file.read(at: offset, count: chunkBytes)
                if chunk.isEmpty { break }
                hash.update(data: chunk)
                offset += Int64(chunk.count)
            }
            bytes += offset
        }
        return (bytes, SHA256Hex.text(hash.finalize()))
    }
}
