import Domain

/// Keeps a record's line within its limit: what is large is replaced by its digest, the same for the same record.
enum RecordSize {
    /// More digests than these do not fit a line: the fields are then replaced as a whole.
    static let maxReplacements = 40

    /// The canonical bytes of the record, small enough for a line.
    /// - Parameter envelope: what the chain adds; nothing of it is replaced, and no field takes its place.
    static func fitted(
        _ fields: [String: JSONValue], envelope: [String: JSONValue]
    ) throws(AuditError) -> [UInt8] {
        let fields = fields.filter { envelope[$0.key] == nil }
        do {
            return try shrunk(fields, envelope)
        } catch  where error.code == .notFinite {
            return try shrunk(fields.mapValues(withoutNonFinite), envelope)
        }
    }

    private static func shrunk(
        _ fields: [String: JSONValue], _ envelope: [String: JSONValue]
    ) throws(AuditError) -> [UInt8] {
        let bytes = try whole(fields, envelope)
        if bytes.count <= ChainWriter.maxLineBytes { return bytes }
        var part = try SizedPart(.object(fields))
        var left = bytes.count
        for _ in 0..<maxReplacements {
            let before = part.bytes
            guard try part.replaceLargest(isRoot: true) else { break }
            left -= before - part.bytes
            if left <= ChainWriter.maxLineBytes, case .object(let members) = part.value {
                return try whole(members, envelope)
            }
        }
        return try whole(["fields": SizedPart.digest(.object(fields))], envelope)
    }

    private static func whole(
        _ fields: [String: JSONValue], _ envelope: [String: JSONValue]
    ) throws(AuditError) -> [UInt8] {
        try CanonicalJSON.bytes(.object(fields.merging(envelope) { _, own in own }))
    }

    /// A number that JSON cannot carry must not keep a step from being recorded: it stands as unknown.
    private static func withoutNonFinite(_ value: JSONValue) -> JSONValue {
        switch value {
        case .number(let number): number.isFinite ? value : .null
        case .array(let elements): .array(elements.map(withoutNonFinite))
        case .object(let members): .object(members.mapValues(withoutNonFinite))
        default: value
        }
    }
}

/// A value that knows how many bytes it takes in canonical form, so that replacing a part costs the part alone.
private struct SizedPart {
    /// A part smaller than this gains nothing from being replaced (a digest takes about 90 bytes).
    static let minReplacedBytes = 128

    private enum Content {
        case leaf(JSONValue)
        case array([SizedPart])
        case object([(name: String, part: SizedPart)])
    }

    private var content: Content
    private(set) var bytes: Int

    init(_ value: JSONValue) throws(AuditError) {
        switch value {
        case .array(let elements):
            var parts: [SizedPart] = []
            for element in elements { parts.append(try SizedPart(element)) }
            content = .array(parts)
            bytes = 2 + max(0, parts.count - 1) + parts.reduce(0) { $0 + $1.bytes }
        case .object(let members):
            var parts: [(name: String, part: SizedPart)] = []
            var names = 0
            for (name, member) in members.sorted(by: { CanonicalJSON.precedes($0.key, $1.key) }) {
                parts.append((name, try SizedPart(member)))
                names += try CanonicalJSON.bytes(.string(name)).count + 1
            }
            content = .object(parts)
            bytes = 2 + max(0, parts.count - 1) + names + parts.reduce(0) { $0 + $1.part.bytes }
        default:
            content = .leaf(value)
            bytes = try CanonicalJSON.bytes(value).count
        }
    }

    var value: JSONValue {
        switch content {
        case .leaf(let value): value
        case .array(let parts): .array(parts.map(\.value))
        case .object(let parts): .object(Dictionary(uniqueKeysWithValues: parts.map { ($0.name, $0.part.value) }))
        }
    }

    static func digest(_ value: JSONValue) throws(AuditError) -> JSONValue {
        let bytes = try CanonicalJSON.bytes(value)
        return .object(["sha256": .string(SHA256Hex.of(bytes)), "bytes": .integer(Int64(bytes.count))])
    }

    /// Goes down to the largest part as long as one child makes up at least half of it, and replaces that part. Of equals the
    /// first one in canonical order. False where every part of the root is small.
    mutating func replaceLargest(isRoot: Bool = false) throws(AuditError) -> Bool {
        switch content {
        case .object(var parts):
            if let position = Self.largest(parts.map(\.part.bytes), of: bytes, isRoot: isRoot) {
                bytes -= parts[position].part.bytes
                _ = try parts[position].part.replaceLargest()
                bytes += parts[position].part.bytes
                content = .object(parts)
                return true
            }
        case .array(var parts):
            if let position = Self.largest(parts.map(\.bytes), of: bytes, isRoot: isRoot) {
                bytes -= parts[position].bytes
                _ = try parts[position].replaceLargest()
                bytes += parts[position].bytes
                content = .array(parts)
                return true
            }
        case .leaf: break
        }
        if isRoot { return false }
        let digest = try Self.digest(value)
        content = .leaf(digest)
        bytes = try CanonicalJSON.bytes(digest).count
        return true
    }

    private static func largest(_ sizes: [Int], of whole: Int, isRoot: Bool) -> Int? {
        guard let size = sizes.max(), size >= minReplacedBytes, isRoot || size * 2 >= whole else { return nil }
        return sizes.firstIndex(of: size)
    }
}
