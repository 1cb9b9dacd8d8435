import Crypto

/// A signature in OpenSSH's own format (PROTOCOL.sshsig): who signed, for which purpose, over which digest.
struct SSHSignature: Sendable {
    var key: SSHPublicKey
    var namespace: String
    var reserved: [UInt8]
    var hash: String
    /// Its own format name, then the signature.
    var signature: [UInt8]

    /// What git signs for; a signature for any other purpose says nothing about a commit.
    static let gitNamespace = "git"
    static let armourLabel = "SSH SIGNATURE"
    private static let magic = Array("SSHSIG".utf8)
    private static let version: UInt32 = 1

    /// - Returns: `nil` for anything that is not exactly one well-formed signature.
    init?(armoured text: [UInt8]) {
        guard let blocks = Armour.blocks(in: text, lenient: false), blocks.count == 1, let block = blocks.first,
            block.label == Self.armourLabel, block.checksum == nil, let bytes = block.bytes
        else { return nil }
        self.init(bytes: bytes)
    }

    private init?(bytes: [UInt8]) {
        var reader = SSHReader(bytes)
        guard reader.take(Self.magic.count) == Self.magic, reader.number() == Self.version,
            let blob = reader.string(), let key = SSHPublicKey(blob: blob), let namespace = reader.text(),
            let reserved = reader.string(), let hash = reader.text(), let signature = reader.string(), reader.isAtEnd
        else { return nil }
        self.key = key
        self.namespace = namespace
        self.reserved = reserved
        self.hash = hash
        self.signature = signature
    }

    /// The bytes that a key signs: the purpose and the digest of the message. `nil` for a digest that is not allowed.
    static func signedBytes(of message: [UInt8], namespace: String, reserved: [UInt8], hash: String) -> [UInt8]? {
        let digest: [UInt8]
        switch hash {
        case "sha256": digest = Array(SHA256.hash(data: message))
        case "sha512": digest = Array(SHA512.hash(data: message))
        default: return nil
        }
        var bytes = magic
        bytes.appendSSH(namespace)
        bytes.appendSSH(reserved)
        bytes.appendSSH(hash)
        bytes.appendSSH(digest)
        return bytes
    }

    func check(over message: [UInt8]) -> SSHPublicKey.Check {
        guard let signed = Self.signedBytes(of: message, namespace: namespace, reserved: reserved, hash: hash) else {
            return .unsupported
        }
        return key.check(signature, over: signed)
    }

    /// The armoured form of a new signature, lines of 70 characters as OpenSSH writes them.
    static func armour(publicKey: [UInt8], hash: String, signature: [UInt8]) -> String {
        var bytes = magic
        bytes.append(sshNumber: version)
        bytes.appendSSH(publicKey)
        bytes.appendSSH(gitNamespace)
        bytes.appendSSH([UInt8]())
        bytes.appendSSH(hash)
        bytes.appendSSH(signature)
        return SSHText.armour(bytes, label: armourLabel)
    }
}
