package import Domain
import Foundation
import Synchronization

/// Secrets from files and environment variables. A file is read again when its identity, size or time of change is
/// another, so that a key can be rotated without a restart.
package final class SecretFiles: Secrets {
    package static let maxSecretBytes = 64 << 10

    /// What tells that a file is another one, or has other content.
    private struct Stamp: Equatable {
        var device: UInt64
        var inode: UInt64
        var bytes: Int64
        var modifiedSeconds: Int
        var modifiedNanoseconds: Int
        var changedSeconds: Int
        var changedNanoseconds: Int
    }

    private let environment: [String: String]
    private let files = Mutex<[String: (stamp: Stamp, secret: Secret)]>([:])

    package init(environment: [String: String]) { self.environment = environment }

    package func read(_ reference: SecretReference) throws(SecretProblem) -> Secret {
        switch reference {
        case .environment(let name): try variable(name)
        case .file(let path): try file(path)
        }
    }

    private func variable(_ name: String) throws(SecretProblem) -> Secret {
        guard let value = environment[name] else {
            throw SecretProblem(.absent, "the environment variable \(name) is not set")
        }
        guard let text = stripped(value) else {
            throw SecretProblem(.empty, "the environment variable \(name) is empty")
        }
        return Secret(text)
    }

    private func file(_ path: String) throws(SecretProblem) -> Secret {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw SecretFiles.problem(path, errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw SecretFiles.problem(path, errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw SecretProblem(.unreadable, "the secret file \(path) is no regular file")
        }
        let stamp = SecretFiles.stamp(status)
        if let kept = files.withLock({ $0[path] }), kept.stamp == stamp { return kept.secret }
        let secret = try SecretFiles.content(of: descriptor, path)
        files.withLock { $0[path] = (stamp, secret) }
        return secret
    }

    private static func content(of descriptor: Int32, _ path: String) throws(SecretProblem) -> Secret {
        var bytes = [UInt8](repeating: 0, count: maxSecretBytes + 1)
        var count = 0
        while count < bytes.count {
            let got = bytes[count...].withUnsafeMutableBytes { Foundation.read(descriptor, $0.baseAddress, $0.count) }
            if got < 0, errno == EINTR { continue }
            if got < 0 { throw problem(path, errno) }
            if got == 0 { break }
            count += got
        }
        guard count <= maxSecretBytes else {
            throw SecretProblem(.tooLong, "the secret file \(path) has more than \(maxSecretBytes) bytes")
        }
        guard let text = String(validating: bytes[..<count], as: UTF8.self) else {
            throw SecretProblem(.notText, "the secret file \(path) is not UTF-8 text")
        }
        guard let value = stripped(text) else { throw SecretProblem(.empty, "the secret file \(path) is empty") }
        return Secret(value)
    }

    private static func stamp(_ status: stat) -> Stamp {
        Stamp(
            device: UInt64(status.st_dev), inode: UInt64(status.st_ino), bytes: Int64(status.st_size),
            modifiedSeconds: status.st_mtim.tv_sec, modifiedNanoseconds: status.st_mtim.tv_nsec,
            changedSeconds: status.st_ctim.tv_sec, changedNanoseconds: status.st_ctim.tv_nsec)
    }

    private static func problem(_ path: String, _ code: Int32) -> SecretProblem {
        switch code {
        case ENOENT, ENOTDIR: SecretProblem(.absent, "the secret file \(path) does not exist")
        case EACCES, EPERM:
            SecretProblem(
                .forbidden, "the secret file \(path) may not be read by this user; check its owner and permissions")
        default: SecretProblem(.unreadable, "the secret file \(path) can't be read: \(String(cString: strerror(code)))")
        }
    }
}

/// Without the line end that editors put behind a value; nil where nothing is left.
private func stripped(_ text: String) -> String? {
    var scalars = text.unicodeScalars
    while let last = scalars.last, last == "\n" || last == "\r" { scalars.removeLast() }
    return scalars.isEmpty ? nil : String(scalars)
}
