/// One packet of OpenPGP (RFC 4880 §4); partial lengths, which neither keys nor signatures need, are refused.
struct PGPPacket: Sendable {
    var tag: UInt8
    var body: ArraySlice<UInt8>

    static let signature: UInt8 = 2
    static let publicKey: UInt8 = 6
    static let publicSubkey: UInt8 = 14

    /// All packets of a block; `nil` where it is cut or malformed.
    static func all(in bytes: [UInt8]) -> [PGPPacket]? {
        var packets: [PGPPacket] = []
        var rest = bytes[...]
        while let first = rest.popFirst() {
            guard first & 0x80 != 0 else { return nil }
            let isNew = first & 0x40 != 0
            let tag = isNew ? first & 0x3F : (first >> 2) & 0x0F
            guard let count = isNew ? length(in: &rest) : oldLength(kind: first & 3, in: &rest), rest.count >= count
            else { return nil }
            packets.append(PGPPacket(tag: tag, body: rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        return packets
    }

    /// The variable length of new packets and of subpackets; `nil` for a partial one, or where bytes are missing.
    static func length(in rest: inout ArraySlice<UInt8>, partialAllowed: Bool = false) -> Int? {
        guard let first = rest.popFirst() else { return nil }
        switch first {
        case 0..<192: return Int(first)
        case 192..<224: break
        case 224..<255 where partialAllowed: break
        case 255: return number(bytes: 4, in: &rest)
        default: return nil
        }
        guard let second = rest.popFirst() else { return nil }
        return (Int(first) - 192) << 8 + Int(second) + 192
    }

    private static func oldLength(kind: UInt8, in rest: inout ArraySlice<UInt8>) -> Int? {
        switch kind {
        case 0: number(bytes: 1, in: &rest)
        case 1: number(bytes: 2, in: &rest)
        case 2: number(bytes: 4, in: &rest)
        default: nil
        }
    }

    static func number(bytes count: Int, in rest: inout ArraySlice<UInt8>) -> Int? {
        guard rest.count >= count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count).reduce(0) { $0 << 8 | Int($1) }
    }
}

/// What a version 4 signature packet says about itself.
struct PGPSignaturePacket: Sendable {
    var type: UInt8
    var created: Int64 = 0
    /// Seconds after the key's creation; `nil`: never.
    var keyExpiresAfter: Int64?
    /// The last 16 hex digits of the issuer's fingerprint.
    var issuer: String?

    init?(_ body: ArraySlice<UInt8>) {
        var rest = body
        guard rest.popFirst() == 4, let type = rest.popFirst(), rest.count >= 2 else { return nil }
        self.type = type
        rest = rest.dropFirst(2)
        guard let hashedCount = PGPPacket.number(bytes: 2, in: &rest), rest.count >= hashedCount else { return nil }
        guard take(rest.prefix(hashedCount), isHashed: true) else { return nil }
        rest = rest.dropFirst(hashedCount)
        guard let plainCount = PGPPacket.number(bytes: 2, in: &rest), rest.count >= plainCount,
            take(rest.prefix(plainCount), isHashed: false)
        else { return nil }
    }

    private mutating func take(_ subpackets: ArraySlice<UInt8>, isHashed: Bool) -> Bool {
        var rest = subpackets
        while !rest.isEmpty {
            guard let count = PGPPacket.length(in: &rest, partialAllowed: true), count > 0, rest.count >= count else {
                return false
            }
            var body = rest.prefix(count)
            rest = rest.dropFirst(count)
            switch (body.popFirst() ?? 0) & 0x7F {
            case 2 where isHashed: created = Int64(PGPPacket.number(bytes: 4, in: &body) ?? 0)
            case 9 where isHashed:
                let seconds = PGPPacket.number(bytes: 4, in: &body) ?? 0
                keyExpiresAfter = seconds == 0 ? nil : Int64(seconds)
            case 16 where body.count == 8: issuer = issuer ?? PGPKeyring.hex(body)
            case 33 where body.count == 21: issuer = PGPKeyring.hex(body.suffix(8))
            default: break
            }
        }
        return true
    }
}
