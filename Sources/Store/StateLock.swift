import Glibc
import Synchronization

/// Ownership of a state: an advisory lock on `FILE.lock` for the life of the process, so that a dead owner is no obstacle.
/// The file holds the process id and the verb, for the message that another process prints.
final class StateLock: Sendable {
    /// Of the verb's text.
    static let maxVerbBytes = 200

    private let descriptor: CInt
    private let isHeld = Mutex(true)

    init(state path: String, verb: String) throws(StoreError) {
        let lockPath = path + ".lock"
        descriptor = open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw Self.failure(lockPath) }
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            if errno == EINTR { continue }
            let failure =
                errno == EWOULDBLOCK ? Self.inUse(path, descriptor) : Self.failure(lockPath)
            close(descriptor)
            throw failure
        }
        let text = Array("\(getpid()) \(String(decoding: verb.utf8.prefix(Self.maxVerbBytes), as: UTF8.self))\n".utf8)
        ftruncate(descriptor, 0)
        _ = text.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }

    /// The file stays: removing it would let two processes lock two files of one name.
    deinit { release() }

    func release() {
        let held = isHeld.withLock { held in
            defer { held = false }
            return held
        }
        if held { close(descriptor) }
    }

    private static func inUse(_ path: String, _ descriptor: CInt) -> StoreError {
        var bytes = [UInt8](repeating: 0, count: maxVerbBytes + 32)
        let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
        let text = String(decoding: bytes.prefix(max(0, count)).prefix { $0 != 0x0A }, as: UTF8.self)
        let parts = text.split(separator: " ", maxSplits: 1)
        let pid = parts.first.flatMap { Int32($0) }
        let verb = parts.count > 1 ? String(parts[1]) : nil
        let owner = pid.map { "process \($0)" } ?? "another process"
        let doing = verb.map { ", which runs `\($0)`" } ?? ""
        return StoreError(
            .inUse(pid: pid, verb: verb), "the state \(path) belongs to \(owner)\(doing); wait for its end or stop it")
    }

    private static func failure(_ path: String) -> StoreError {
        let number = errno
        let code: StoreError.Code =
            switch number {
            case EROFS: .readOnly
            case EACCES, EPERM: .readOnly
            case ENOSPC, EDQUOT: .full
            default: .inaccessible
            }
        return StoreError(
            code,
            "cannot lock the state with \(path): \(String(cString: strerror(number))); its folder must exist and be writable"
        )
    }
}
