import Crypto

/// The keys of `source.trust.gpgKeys`: their fingerprints, and which of them are revoked or expire.
///
/// `gpgv` trusts every key of its keyring and looks at neither expiry nor revocation, so both are read here.
package struct PGPKeyring: Sendable {
    struct Key: Sendable, Hashable {
        /// 40 upper-case hex digits.
        var primary: String
        var created: Int64
        var isRevoked = false
        /// Seconds since 1970; `nil`: never.
        var expires: Int64?
        /// When the self-signature that set `expires` was made: a newer one counts.
        var judgedAt: Int64 = -1
    }

    /// The packets of all blocks, as `gpgv` wants its keyring.
    let binary: [UInt8]
    /// Primary keys and subkeys, by fingerprint.
    private(set) var keys: [String: Key] = [:]

    /// - Parameter file: public keys, armoured (one block or several) or binary.
    package init(file: [UInt8]) throws(KeyListProblem) {
        if file.first.map({ $0 & 0x80 != 0 }) == true {
            binary = file
        } else {
            binary = try Self.dearmoured(file)
        }
        guard let packets = PGPPacket.all(in: binary) else { throw KeyListProblem("the OpenPGP keys are damaged") }
        var reader = KeyReader()
        for packet in packets { try reader.take(packet) }
        keys = reader.finished()
        if keys.isEmpty { throw KeyListProblem("the file holds no OpenPGP public key that can be used (version 4)") }
    }

    private static func dearmoured(_ file: [UInt8]) throws(KeyListProblem) -> [UInt8] {
        guard let blocks = Armour.blocks(in: file, lenient: true), !blocks.isEmpty else {
            throw KeyListProblem("the file holds no whole OpenPGP key block")
        }
        var all: [UInt8] = []
        for (index, block) in blocks.enumerated() {
            guard block.label == "PGP PUBLIC KEY BLOCK" else {
                throw KeyListProblem("block \(index + 1) is a \(block.label.prefix(40)), not a PGP PUBLIC KEY BLOCK")
            }
            guard let bytes = block.bytes, !bytes.isEmpty, block.checksumFits(bytes) else {
                throw KeyListProblem("block \(index + 1) of the OpenPGP keys is damaged: its check sum does not fit")
            }
            all += bytes
        }
        return all
    }

    enum Judgement: Sendable, Equatable {
        case allowed
        case unlisted
        case refused(String)
    }

    /// Whether a signature made by `signer` (a primary key or subkey of `primary`) counts at a time.
    func judge(signer: String, primary: String, at seconds: Int64) -> Judgement {
        guard let key = keys[signer], let owner = keys[primary], key.primary == primary, owner.primary == primary else {
            return .unlisted
        }
        for one in [owner, key] {
            if one.isRevoked { return .refused("the key \(primary) is revoked") }
            if let expires = one.expires, seconds >= expires {
                return .refused("the key \(primary) was no longer valid when the commit was made")
            }
        }
        return .allowed
    }

    static func hex(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { byte in
            let text = String(byte, radix: 16, uppercase: true)
            return byte < 16 ? "0" + text : text
        }.joined()
    }
}

/// Walks the packets of key blocks: a primary key, its revocations and user ids, then its subkeys.
private struct KeyReader {
    private var keys: [String: PGPKeyring.Key] = [:]
    private var primary: String?
    private var current: String?

    mutating func take(_ packet: PGPPacket) throws(KeyListProblem) {
        switch packet.tag {
        case PGPPacket.publicKey: takeKey(packet.body, isPrimary: true)
        case PGPPacket.publicSubkey: takeKey(packet.body, isPrimary: false)
        case PGPPacket.signature: takeSignature(packet.body)
        case 5, 7: throw KeyListProblem("the file holds a secret OpenPGP key; export public keys only")
        default: break
        }
    }

    func finished() -> [String: PGPKeyring.Key] { keys }

    private mutating func takeKey(_ body: ArraySlice<UInt8>, isPrimary: Bool) {
        current = nil
        if isPrimary { primary = nil }
        var rest = body
        guard body.count <= Int(UInt16.max), rest.popFirst() == 4, let created = PGPPacket.number(bytes: 4, in: &rest)
        else { return }
        let framed = [0x99, UInt8(body.count >> 8), UInt8(body.count & 0xFF)] + body
        let fingerprint = PGPKeyring.hex(Insecure.SHA1.hash(data: framed))
        if isPrimary { primary = fingerprint }
        guard let primary else { return }
        current = fingerprint
        if keys[fingerprint] == nil {
            keys[fingerprint] = PGPKeyring.Key(primary: primary, created: Int64(created))
        }
    }

    private mutating func takeSignature(_ body: ArraySlice<UInt8>) {
        guard let primary, let current, let signature = PGPSignaturePacket(body), var key = keys[current] else {
            return
        }
        let isPrimary = primary == current
        switch signature.type {
        case 0x20 where isPrimary, 0x28 where !isPrimary:
            key.isRevoked = true
        case 0x10...0x13, 0x1F:
            guard isPrimary, signature.issuer == String(primary.suffix(16)) else { return }
            key.judge(by: signature)
        case 0x18 where !isPrimary:
            key.judge(by: signature)
        default:
            return
        }
        keys[current] = key
    }
}

extension PGPKeyring.Key {
    fileprivate mutating func judge(by signature: PGPSignaturePacket) {
        guard signature.created >= judgedAt else { return }
        judgedAt = signature.created
        expires = signature.keyExpiresAfter.map { created + $0 }
    }
}
