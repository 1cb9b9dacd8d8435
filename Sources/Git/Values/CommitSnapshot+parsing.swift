extension CommitSnapshot {
    /// Parses the bytes of a commit object. Done here and not by libgit2, so that what is read is what is signed.
    ///
    /// Strict where it matters (tree, parents, in git's order), lenient in people: a name that is no UTF-8 or a time that is
    /// absurd is repaired, since such commits exist in old repositories.
    /// - Throws: `protocolError` where the object has no readable tree or parents; `tooLarge`.
    init(id: ObjectID, raw: [UInt8]) throws(GitError) {
        guard raw.count <= Self.maxCommitBytes else {
            throw GitError(.tooLarge, "commit \(id.short) is larger than \(Self.maxCommitBytes) bytes")
        }
        var lines = CommitLines(rest: raw[...])
        guard let first = lines.next(), let tree = Self.id(in: first, after: "tree ") else {
            throw GitError(.protocolError, "commit \(id.short) is malformed: it has no tree")
        }
        var parents: [ObjectID] = []
        var line = lines.next()
        while let header = line, header.starts(with: "parent ".utf8) {
            guard let parent = Self.id(in: header, after: "parent "), parents.count < Self.maxParents else {
                throw GitError(.protocolError, "commit \(id.short) is malformed: its parents cannot be read")
            }
            parents.append(parent)
            line = lines.next()
        }
        var author = Person(name: "", email: "", seconds: 0)
        var committer = author
        if let header = line, header.starts(with: "author ".utf8) {
            author = Person(header: header.dropFirst("author ".utf8.count))
            line = lines.next()
        }
        if let header = line, header.starts(with: "committer ".utf8) {
            committer = Person(header: header.dropFirst("committer ".utf8.count))
            line = lines.next()
        }
        while let header = line, !header.isEmpty { line = lines.next() }
        self.id = id
        self.tree = tree
        self.parents = parents
        self.author = author
        self.committer = committer
        message = String(decoding: lines.rest.prefix(Self.maxMessageBytes), as: UTF8.self)
        self.raw = raw
    }

    private static func id(in line: ArraySlice<UInt8>, after label: String) -> ObjectID? {
        guard line.starts(with: label.utf8) else { return nil }
        return ObjectID(hexBytes: line.dropFirst(label.utf8.count))
    }
}

/// The lines of a commit's head; `nil` after the last. The blank line that ends the head comes as an empty line.
private struct CommitLines {
    var rest: ArraySlice<UInt8>

    mutating func next() -> ArraySlice<UInt8>? {
        guard !rest.isEmpty else { return nil }
        let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
        defer { rest = rest[min(end + 1, rest.endIndex)...] }
        return rest[..<end]
    }
}

extension Person {
    /// Names and addresses are kept to this many characters.
    static let maxFieldCharacters = 256

    /// Reads `Name <email> seconds +hhmm`; what cannot be read is empty or zero.
    init(header: ArraySlice<UInt8>) {
        let open = header.firstIndex(of: UInt8(ascii: "<")) ?? header.endIndex
        let close = header.lastIndex(of: UInt8(ascii: ">")) ?? header.endIndex
        let hasEmail = open < close && close < header.endIndex
        name = Self.clean(header[..<open])
        email = hasEmail ? Self.clean(header[(open + 1)..<close]) : ""
        seconds = 0
        offsetMinutes = 0
        guard hasEmail else { return }
        let fields = header[(close + 1)...].split(separator: UInt8(ascii: " "))
        guard let first = fields.first else { return }
        let digits = String(decoding: first, as: UTF8.self)
        if let value = Int64(digits) {
            seconds = value
        } else if digits.allSatisfy(\.isWholeNumber) {
            seconds = .max
        }
        if fields.count > 1, let zone = Int(String(decoding: fields[1], as: UTF8.self)), abs(zone) <= 1_400 {
            offsetMinutes = zone / 100 * 60 + zone % 100
        }
    }

    private static func clean(_ bytes: ArraySlice<UInt8>) -> String {
        CleanText.line(String(decoding: bytes, as: UTF8.self), maxCharacters: maxFieldCharacters)
    }

    /// As a commit header has it. What would end the field early (`<`, `>`, newlines, NUL) is taken out.
    var header: String {
        func field(_ text: String) -> String {
            CleanText.line(text.filter { $0 != "<" && $0 != ">" }, maxCharacters: Self.maxFieldCharacters)
        }
        let minutes = abs(offsetMinutes)
        let digits = String(10_000 + minutes / 60 * 100 + minutes % 60).dropFirst()
        let person = field(name).isEmpty ? "unknown" : field(name)
        return "\(person) <\(field(email))> \(max(0, seconds)) \(offsetMinutes < 0 ? "-" : "+")\(digits)"
    }
}
