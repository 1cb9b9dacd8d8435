import Crypto
import Foundation

/// An SSH public key in its binary form, and the kinds that can be checked here.
struct SSHPublicKey: Hashable, Sendable {
    /// The whole blob: what `allowed_signers` lines hold in base64, and what two keys are compared by.
    var blob: [UInt8]
    /// The name that the blob begins with.
    var type: String

    init?(blob: [UInt8]) {
        var reader = SSHReader(blob)
        guard let type = reader.text(), !type.isEmpty, type.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            return nil
        }
        self.blob = blob
        self.type = type
    }

    /// `SHA256:…`, as `ssh-keygen -l` prints it.
    var fingerprint: String {
        let digest = Data(SHA256.hash(data: blob)).base64EncodedString()
        return "SHA256:" + digest.prefix { $0 != "=" }
    }

    enum Check: Sendable {
        case valid
        case invalid
        case unsupported
    }

    /// Checks a signature blob (its own format name, then the signature) over bytes.
    func check(_ signature: [UInt8], over message: [UInt8]) -> Check {
        var key = SSHReader(blob)
        var given = SSHReader(signature)
        guard key.text() == type, let format = given.text() else { return .invalid }
        switch type {
        case "ssh-ed25519":
            guard format == type, let point = key.string(), key.isAtEnd, let value = given.string(), given.isAtEnd,
                let publicKey = try? Curve25519.Signing.PublicKey(rawRepresentation: point)
            else { return .invalid }
            return publicKey.isValidSignature(value, for: message) ? .valid : .invalid
        case "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521":
            guard format == type, key.text() == String(type.dropFirst("ecdsa-sha2-".count)), let point = key.string(),
                key.isAtEnd, let pair = given.string(), given.isAtEnd
            else { return .invalid }
            return checkECDSA(point: point, pair: pair, message: message)
        default:
            return .unsupported
        }
    }

    private func checkECDSA(point: [UInt8], pair: [UInt8], message: [UInt8]) -> Check {
        var numbers = SSHReader(pair)
        let size = type.hasSuffix("256") ? 32 : type.hasSuffix("384") ? 48 : 66
        guard let first = numbers.magnitude(bytes: size), let second = numbers.magnitude(bytes: size), numbers.isAtEnd
        else { return .invalid }
        let raw = first + second
        let isValid: Bool?
        switch size {
        case 32:
            isValid = try? P256.Signing.PublicKey(x963Representation: point)
                .isValidSignature(P256.Signing.ECDSASignature(rawRepresentation: raw), for: SHA256.hash(data: message))
        case 48:
            isValid = try? P384.Signing.PublicKey(x963Representation: point)
                .isValidSignature(P384.Signing.ECDSASignature(rawRepresentation: raw), for: SHA384.hash(data: message))
        default:
            isValid = try? P521.Signing.PublicKey(x963Representation: point)
                .isValidSignature(P521.Signing.ECDSASignature(rawRepresentation: raw), for: SHA512.hash(data: message))
        }
        return isValid == true ? .valid : .invalid
    }
}
