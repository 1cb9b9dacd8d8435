package import Domain

/// A record as it was read back from a line of journal, log or note.
package struct AuditRecord: Sendable {
    package struct Chain: Hashable, Sendable {
        package var id: String
        package var index: Int64
        package var previous: String
        package var hash: String
        /// Not covered by `hash`, which it signs; empty where it is no text.
        package var signature: String?
    }

    package struct Note: Hashable, Sendable {
        package var index: Int64
        package var previous: String
    }

    package var line: [UInt8]
    package var value: JSONValue
    package var chain: Chain
    package var note: Note?
    /// The line is canonical, and its hash is the hash of its content.
    package var isGenuine: Bool

    /// SHA-256 of the very bytes of the line: how a rebuild names the lines that it disowns.
    package var digest: String { SHA256Hex.of(line) }

    package var at: Timestamp? { value[AuditMember.time]?.text.flatMap { Timestamp(iso8601: $0) } }

    /// The digests of the lines that this record, made by a rebuild, disowns.
    package var disowned: [String] {
        guard case .array(let hashes) = value[AuditMember.disowned] else { return [] }
        return hashes.compactMap(\.text)
    }

    fileprivate init?(line: [UInt8], value: JSONValue, isCanonical: Bool) {
        guard let chain = value[AuditMember.chain], let id = chain["id"]?.text, let index = chain["index"]?.int,
            let previous = chain["previous"]?.text, let hash = chain["hash"]?.text
        else { return nil }
        self.line = line
        self.value = value
        self.chain = Chain(
            id: id, index: index, previous: previous, hash: hash,
            signature: chain["signature"].map { $0.text ?? "" })
        if let note = value[AuditMember.note], let index = note["index"]?.int, let previous = note["previous"]?.text {
            self.note = Note(index: index, previous: previous)
        }
        isGenuine = isCanonical && index > 0 && (try? SHA256Hex.of(Self.hashed(value, line: line))) == hash
    }

    /// What `chain.hash` is the hash of: the record without `chain.hash` and `chain.signature`.
    static func hashed(_ value: JSONValue, line: [UInt8]) throws(AuditError) -> [UInt8] {
        if let chain = value[AuditMember.chain], let sealed = SealedLine(line, chain: chain) { return sealed.input }
        return try hashed(value)
    }

    static func hashed(_ value: JSONValue) throws(AuditError) -> [UInt8] {
        guard case .object(var members) = value, case .object(var chain) = members[AuditMember.chain] else {
            return try CanonicalJSON.bytes(value)
        }
        chain["hash"] = nil
        chain["signature"] = nil
        members[AuditMember.chain] = .object(chain)
        return try CanonicalJSON.bytes(.object(members))
    }
}

/// What a line of the log or of a note is.
package enum AuditLineKind: Sendable {
    case record(AuditRecord)
    /// The last line of a note that reached its limit: these records are left to the log.
    case more(first: Int64, last: Int64)
    /// JSON or text of somebody else.
    case foreign
    case unreadable

    package init(_ line: [UInt8]) {
        guard let (value, isCanonical) = try? JSONText.read(line) else {
            self = .unreadable
            return
        }
        if let record = AuditRecord(line: line, value: value, isCanonical: isCanonical) {
            self = .record(record)
        } else if let more = value["more"], let first = more["first"]?.int, let last = more["last"]?.int {
            self = .more(first: first, last: last)
        } else {
            self = .foreign
        }
    }

    package var record: AuditRecord? { if case .record(let record) = self { record } else { nil } }
}

/// Names of the members that the chain adds to a record.
enum AuditMember {
    static let chain = "chain"
    static let complianceTag = "complianceTag"
    static let disowned = "disowned"
    static let note = "note"
    static let steps = "steps"
    static let time = "auditTimestamp"
    static let version = "v"
}
