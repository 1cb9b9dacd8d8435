import Domain
import Foundation

/// The log is one trail in several files: the present one, and beside it those that were closed, each named after its first
/// record (`audit-412.jsonl`). A closed file is never written again.
enum LogFiles {
    struct Closed {
        var path: String
        /// As its name says.
        var first: Int64
    }

    /// In the order of their names' records; empty where the folder cannot be read.
    static func closed(of path: String) -> [Closed] {
        let (folder, stem, ending) = parts(path)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
        let found = names.compactMap { name -> Closed? in
            guard let first = first(in: name, stem: stem, ending: ending) else { return nil }
            return Closed(path: folder == "/" ? "/\(name)" : folder.isEmpty ? name : "\(folder)/\(name)", first: first)
        }
        return found.sorted { ($0.first, $0.path) < ($1.first, $1.path) }
    }

    /// - Parameter chain: where another state's chain took the plain name, that of its own tells them apart.
    static func closedPath(of path: String, first: Int64, chain: String? = nil) -> String {
        let (folder, stem, ending) = parts(path)
        let mark = chain.map { "." + SHA256Hex.of($0.utf8).prefix(markCharacters) } ?? ""
        let name = "\(stem)-\(first)\(mark)\(ending)"
        return folder == "/" ? "/\(name)" : folder.isEmpty ? name : "\(folder)/\(name)"
    }

    static func name(of path: String) -> String { String(path.split(separator: "/").last ?? "") }

    private static let markCharacters = 8

    private static func parts(_ path: String) -> (folder: String, stem: String, ending: String) {
        let name = name(of: path)
        let folder = path.dropLast(name.count)
        let bare = folder == "/" ? "/" : folder.hasSuffix("/") ? String(folder.dropLast()) : String(folder)
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return (bare, name, "") }
        return (bare, String(name[..<dot]), String(name[dot...]))
    }

    private static func first(in name: String, stem: String, ending: String) -> Int64? {
        guard name.hasPrefix(stem + "-"), name.hasSuffix(ending), name.count > stem.count + 1 + ending.count else {
            return nil
        }
        let middle = name.dropFirst(stem.count + 1).dropLast(ending.count)
        let words = middle.split(separator: ".", omittingEmptySubsequences: false)
        guard let digits = words.first, let first = Int64(digits), first > 0, String(first) == digits,
            words.count <= 2
        else { return nil }
        if words.count == 2 {
            let isMark = words[1].count == markCharacters && words[1].allSatisfy { $0.isHexDigit && !$0.isUppercase }
            guard isMark else { return nil }
        }
        return first
    }
}

/// One file of the log, as it is read from the first record on.
struct LogSegment {
    let path: String
    /// nil: a closed file, opened when its turn comes.
    private let present: LogFile?

    var isPresent: Bool { present != nil }
    var name: String { LogFiles.name(of: path) }

    func open() throws(AuditError) -> LogFile {
        if let present { return present }
        return try LogFile(path: path, access: .read)
    }

    /// In the order of the records. The present file is opened before the closed ones are looked for: one that is closed
    /// meanwhile is read once, as the last one.
    /// - Parameter own: the chain whose order counts; closed files that begin with another's records come before.
    /// - Returns: without the present one where there is none, or it cannot be read.
    static func all(of path: String, own: String?) -> [LogSegment] {
        let present = try? LogFile(path: path, access: .read)
        let closed = LogFiles.closed(of: path).compactMap { closed -> (LogSegment, Bool, Int64)? in
            guard let file = try? LogFile(path: closed.path, access: .read) else { return nil }
            if let present, present.isSame(as: file) { return nil }
            let begin = Self.begin(of: file)
            let isOwn = own == nil || begin == nil || begin?.chain.id == own
            return (LogSegment(path: closed.path, present: nil), isOwn, begin?.chain.index ?? closed.first)
        }
        let sorted = closed.sorted { ($0.1 ? 1 : 0, $0.2) < ($1.1 ? 1 : 0, $1.2) }.map(\.0)
        return sorted + (present.map { [LogSegment(path: path, present: $0)] } ?? [])
    }

    private static func begin(of file: LogFile) -> AuditRecord? {
        guard let bytes = try? file.read(at: 0, count: ChainWriter.maxLineBytes + 1),
            let feed = bytes.firstIndex(of: UInt8(ascii: "\n"))
        else { return nil }
        return AuditLineKind(Array(bytes[..<feed])).record
    }
}
