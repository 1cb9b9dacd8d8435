import Domain

/// Keeps a record's line within its limit: what is large is replaced by its digest, the same for the same record.
enum RecordSize {
    /// A part smaller than this gains nothing from being replaced (a digest takes about 90 bytes).
    static let minReplacedBytes = 128

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
        var part = JSONValue.object(fields)
        while true {
            let members = if case .object(let members) = part { members } else { ["fields": part] }
            let bytes = try CanonicalJSON.bytes(.object(members.merging(envelope) { _, own in own }))
            if bytes.count <= ChainWriter.maxLineBytes { return bytes }
            let smaller = try replacingLargest(in: part, isRoot: true)
            part = if let smaller { smaller } else { try digest(part) }
        }
    }

    /// Goes down to the largest part as long as one child makes up at least half of it, and replaces that part; nil where
    /// every part is small.
    private static func replacingLargest(in value: JSONValue, isRoot: Bool = false) throws(AuditError) -> JSONValue? {
        let bytes = try CanonicalJSON.bytes(value).count
        switch value {
        case .object(var members):
            var largest: (name: String, bytes: Int)?
            for (name, member) in members.sorted(by: { CanonicalJSON.precedes($0.key, $1.key) }) {
                let size = try CanonicalJSON.bytes(member).count
                if size >= minReplacedBytes, size > largest?.bytes ?? 0 { largest = (name, size) }
            }
            if let largest, let member = members[largest.name], isRoot || largest.bytes * 2 >= bytes {
                members[largest.name] = try replacingLargest(in: member)
                return .object(members)
            }
        case .array(var elements):
            var largest: (position: Int, bytes: Int)?
            for (position, element) in elements.enumerated() {
                let size = try CanonicalJSON.bytes(element).count
                if size >= minReplacedBytes, size > largest?.bytes ?? 0 { largest = (position, size) }
            }
            if let largest, largest.bytes * 2 >= bytes,
                let smaller = try replacingLargest(in: elements[largest.position])
            {
                elements[largest.position] = smaller
                return .array(elements)
            }
        default: break
        }
        return isRoot ? nil : try digest(value)
    }

    static func digest(_ value: JSONValue) throws(AuditError) -> JSONValue {
        let bytes = try CanonicalJSON.bytes(value)
        return .object(["sha256": .string(SHA256Hex.of(bytes)), "bytes": .integer(Int64(bytes.count))])
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
