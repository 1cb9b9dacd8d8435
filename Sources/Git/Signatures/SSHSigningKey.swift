import Crypto
import Foundation

/// An unencrypted OpenSSH Ed25519 private key, for the commits that are made here. No description shows it.
package struct SSHSigningKey: Sendable {
    private let key: Curve25519.Signing.PrivateKey
    private let publicBlob: [UInt8]

    /// - Parameter file: the content of a file that `ssh-keygen -t ed25519` wrote.
    /// - Throws: `KeyListProblem` where it is another kind of file or key, or protected by a passphrase.
    package init(file: [UInt8]) throws(KeyListProblem) {
        guard let blocks = Armour.blocks(in: file, lenient: false), blocks.count == 1, let block = blocks.first,
            block.label == "OPENSSH PRIVATE KEY", let bytes = block.bytes
        else {
            throw KeyListProblem(
                "the signing key is no OpenSSH private key; make one with: ssh-keygen -t ed25519 -N ''")
        }
        var reader = SSHReader(bytes)
        let magic = Array("openssh-key-v1\0".utf8)
        guard reader.take(magic.count) == magic, let cipher = reader.text(), let derivation = reader.text(),
            reader.string() != nil, reader.number() == 1, let publicBlob = reader.string(),
            let secret = reader.string(),
            reader.isAtEnd
        else { throw KeyListProblem("the signing key is damaged") }
        guard cipher == "none", derivation == "none" else {
            throw KeyListProblem(
                "the signing key is protected by a passphrase; remove it with: ssh-keygen -p -N '' -f FILE")
        }
        key = try Self.privateKey(in: secret)
        var expected: [UInt8] = []
        expected.appendSSH(Self.type)
        expected.appendSSH(Array(key.publicKey.rawRepresentation))
        guard publicBlob == expected else {
            throw KeyListProblem("the signing key is damaged: its two halves do not fit")
        }
        self.publicBlob = publicBlob
    }

    private static func privateKey(in secret: [UInt8]) throws(KeyListProblem) -> Curve25519.Signing.PrivateKey {
        var reader = SSHReader(secret)
        guard let check = reader.number(), reader.number() == check, let type = reader.text() else {
            throw KeyListProblem("the signing key is damaged")
        }
        guard type == Self.type else {
            throw KeyListProblem("the signing key is of type \(type.prefix(40)); only \(Self.type) can sign here")
        }
        guard let point = reader.string(), let pair = reader.string(), pair.count == 64,
            Array(pair.suffix(32)) == point,
            let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: pair.prefix(32))
        else { throw KeyListProblem("the signing key is damaged") }
        return key
    }

    /// The armoured signature over a commit's payload, for the header `gpgsig`.
    package func signature(over payload: [UInt8]) throws -> String {
        let hash = "sha512"
        let message = SSHSignature.signedBytes(
            of: payload, namespace: SSHSignature.gitNamespace, reserved: [], hash: hash)
        var signature: [UInt8] = []
        signature.appendSSH(Self.type)
        signature.appendSSH(Array(try key.signature(for: message ?? [])))
        return SSHSignature.armour(publicKey: publicBlob, hash: hash, signature: signature)
    }

    /// One line for an `allowed_signers` file.
    package var publicLine: String { "\(Self.type) \(Data(publicBlob).base64EncodedString())" }

    private static let type = "ssh-ed25519"
}

extension SSHSigningKey: CustomStringConvertible, CustomReflectable {
    package var description: String { "an ssh signing key" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}

enum SSHText {
    static let lineCharacters = 70

    static func armour(_ bytes: [UInt8], label: String) -> String {
        var lines = ["-----BEGIN \(label)-----"]
        var rest = Data(bytes).base64EncodedString()[...]
        while !rest.isEmpty {
            lines.append(String(rest.prefix(lineCharacters)))
            rest = rest.dropFirst(lineCharacters)
        }
        lines.append("-----END \(label)-----")
        return lines.joined(separator: "\n") + "\n"
    }
}
