import Foundation
import Subprocess
import SystemPackage

/// Judges OpenPGP signatures with `gpgv`, one short child process each, in a private folder that is gone afterwards.
struct PGPVerifier: Sendable {
    let keyring: PGPKeyring
    let gpgv: String

    static let armourLabel = "PGP SIGNATURE"
    private static let maxStatusBytes = 64 * 1024
    private static let timeout = Duration.seconds(20)

    func verify(_ commit: SignedCommit) async -> CommitSignature {
        guard let blocks = Armour.blocks(in: commit.signature, lenient: false), blocks.count == 1,
            let block = blocks.first, block.label == Self.armourLabel, let bytes = block.bytes,
            block.checksumFits(bytes), let packets = PGPPacket.all(in: bytes), packets.count == 1,
            let packet = packets.first, packet.tag == PGPPacket.signature
        else { return .bad("the OpenPGP signature is malformed") }
        guard let about = PGPSignaturePacket(packet.body), about.type == 0 else {
            return .unsupported("an OpenPGP signature of this version or type")
        }
        let status: String
        do {
            status = try await run(signature: bytes, payload: commit.payload)
        } catch let error as SubprocessError where error.code == .executableNotFound {
            return .unsupported("gpgv is not installed")
        } catch {
            return .unsupported("gpgv could not be run: \(CleanText.line("\(error)", maxCharacters: 200))")
        }
        return judge(GPGStatus(status), committedAt: commit.committedAt)
    }

    private func judge(_ status: GPGStatus, committedAt: Int64) -> CommitSignature {
        if let missing = status.missingKey { return .unknownKey(missing) }
        if let refusal = status.refusal { return .bad("gpgv says \(refusal)") }
        guard status.valid.count == 1, let valid = status.valid.first else {
            return .bad("gpgv did not report exactly one valid signature")
        }
        let latest = max(committedAt, valid.madeAt)
        switch keyring.judge(signer: valid.fingerprint, primary: valid.primary, at: latest) {
        case .unlisted: return .unknownKey(valid.primary)
        case .refused(let reason): return .bad(reason)
        case .allowed: return .good(signer: status.userId ?? valid.primary, keyFingerprint: valid.primary)
        }
    }

    private func run(signature: [UInt8], payload: [UInt8]) async throws -> String {
        let folder = try PrivateFolder()
        defer { folder.remove() }
        let keys = try folder.write(keyring.binary, as: "keys.gpg")
        let detached = try folder.write(signature, as: "commit.sig")
        let data = try folder.write(payload, as: "commit")
        let arguments = Arguments([
            "--status-fd", "1", "--homedir", folder.path, "--keyring", keys, "--", detached, data,
        ])
        let executable = gpgv
        return try await Self.bounded {
            try Descriptors.requireForChild()
            let result = try await Subprocess.run(
                executable.contains("/") ? .path(FilePath(executable)) : .name(executable), arguments: arguments,
                environment: .custom(["PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "HOME": folder.path]),
                output: .string(limit: Self.maxStatusBytes), error: .discarded)
            return result.standardOutput
        }
    }

    /// A child that does not end in time is ended: cancelling the call does that.
    private static func bounded(_ body: @escaping @Sendable () async throws -> String) async throws -> String {
        try await withThrowingTaskGroup(of: String.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await Task.sleep(for: timeout)
                throw GitError(.timedOut, "gpgv did not end within \(timeout)")
            }
            defer { group.cancelAll() }
            return try await group.next() ?? ""
        }
    }
}

/// What `gpgv --status-fd` said; anything that is not plainly good speaks against the signature.
struct GPGStatus: Sendable {
    struct Valid: Sendable {
        /// Of the key or subkey that signed, and of its primary key.
        var fingerprint: String
        var primary: String
        var madeAt: Int64
    }

    private(set) var valid: [Valid] = []
    private(set) var userId: String?
    private(set) var missingKey: String?
    private(set) var refusal: String?

    init(_ text: String) {
        var good = 0
        for line in text.split(separator: "\n") where line.hasPrefix("[GNUPG:] ") {
            let words = line.dropFirst("[GNUPG:] ".count).split(separator: " ").map(String.init)
            switch words.first ?? "" {
            case "GOODSIG":
                good += 1
                userId = CleanText.line(words.dropFirst(2).joined(separator: " "), maxCharacters: 200)
            case "VALIDSIG": takeValid(words)
            case "NO_PUBKEY": missingKey = missingKey ?? (words.count > 1 ? words[1] : "unknown")
            case "ERRSIG":
                if words.count > 6, words[6] == "9" {
                    missingKey = words.count > 7 && words[7] != "-" ? words[7] : words[1]
                } else {
                    refusal = "ERRSIG"
                }
            case "BADSIG", "EXPSIG", "EXPKEYSIG", "REVKEYSIG", "NODATA", "UNEXPECTED", "FAILURE", "ERROR":
                refusal = words[0]
            default: break
            }
        }
        if good > 1 || valid.count != good, refusal == nil, missingKey == nil { refusal = "more than one thing" }
    }

    /// `VALIDSIG fingerprint date made expires version reserved algorithm hash class primary`; only class 00, a signature
    /// over bytes as they are, is what git makes.
    private mutating func takeValid(_ words: [String]) {
        guard words.count >= 11, words[9] == "00", let madeAt = Int64(words[3]) else {
            refusal = "VALIDSIG of another kind"
            return
        }
        valid.append(Valid(fingerprint: words[1].uppercased(), primary: words[10].uppercased(), madeAt: madeAt))
    }
}

/// A folder only we can read, with what one child process needs.
private struct PrivateFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("ballast-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    }

    func write(_ bytes: [UInt8], as name: String) throws -> String {
        let file = path + "/" + name
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        return file
    }

    func remove() {
        // A folder that stays is in the system's temporary place and readable by nobody else.
        try? FileManager.default.removeItem(atPath: path)
    }
}
