import Glibc

/// The log's file: positioned reads, appends that are whole or undone, and sync. Every call blocks.
final class LogFile {
    let path: String
    /// It did not exist before.
    let isNew: Bool
    private let descriptor: CInt

    enum Access {
        case read, append
    }

    init(path: String, access: Access) throws(AuditError) {
        self.path = path
        let flags = O_CLOEXEC | (access == .read ? O_RDONLY : O_RDWR | O_APPEND)
        var opened = open(path, flags)
        var created = false
        if opened < 0, errno == ENOENT, access == .append {
            opened = open(path, flags | O_CREAT, 0o640)
            created = opened >= 0
        }
        guard opened >= 0 else { throw Self.failure("open", path, access == .read ? .logUnreadable : .logUnwritable) }
        descriptor = opened
        isNew = created
        if created { Self.syncFolder(of: path) }
    }

    deinit { close(descriptor) }

    func size() throws(AuditError) -> Int64 {
        var information = stat()
        guard fstat(descriptor, &information) == 0 else { throw Self.failure("look at", path, .logUnreadable) }
        return Int64(information.st_size)
    }

    /// False where the path names another file by now: moved away, deleted, or replaced.
    func isInPlace() -> Bool {
        var own = stat()
        var named = stat()
        return fstat(descriptor, &own) == 0 && stat(path, &named) == 0 && own.st_ino == named.st_ino
            && own.st_dev == named.st_dev
    }

    /// The same file under two names, or opened twice.
    func isSame(as other: LogFile) -> Bool {
        var one = stat()
        var two = stat()
        return fstat(descriptor, &one) == 0 && fstat(other.descriptor, &two) == 0 && one.st_ino == two.st_ino
            && one.st_dev == two.st_dev
    }

    func read(at offset: Int64, count: Int) throws(AuditError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let got = bytes.withUnsafeMutableBytes { buffer in
                pread(
                    descriptor, buffer.baseAddress?.advanced(by: filled), count - filled, off_t(offset) + off_t(filled))
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw Self.failure("read", path, .logUnreadable) }
            if got == 0 { break }
            filled += got
        }
        bytes.removeLast(count - filled)
        return bytes
    }

    /// Appends and syncs. What could not be written whole is taken back, so that the file ends where it did.
    func append(_ bytes: [UInt8]) throws(AuditError) {
        let end = try size()
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                write(descriptor, buffer.baseAddress?.advanced(by: written), bytes.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let failure = Self.failure("write to", path, .logUnwritable)
                ftruncate(descriptor, off_t(end))
                throw failure
            }
            written += count
        }
        guard fdatasync(descriptor) == 0 else {
            let failure = Self.failure("sync", path, .logUnwritable)
            ftruncate(descriptor, off_t(end))
            throw failure
        }
    }

    func truncate(to size: Int64) throws(AuditError) {
        guard ftruncate(descriptor, off_t(size)) == 0, fdatasync(descriptor) == 0 else {
            throw Self.failure("shorten", path, .logUnwritable)
        }
    }

    /// Two names of one file.
    static func isSame(_ one: String, _ other: String) -> Bool {
        var first = stat()
        var second = stat()
        return stat(one, &first) == 0 && stat(other, &second) == 0 && first.st_ino == second.st_ino
            && first.st_dev == second.st_dev
    }

    static func syncFolder(of path: String) {
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        let descriptor = open(folder.isEmpty ? (path.hasPrefix("/") ? "/" : ".") : folder, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    /// Reads `errno`, so it must be the first call after the one that failed.
    private static func failure(_ what: String, _ path: String, _ fallback: AuditError.Code) -> AuditError {
        let number = errno
        let (code, remedy): (AuditError.Code, String) =
            switch number {
            case ENOSPC, EDQUOT, EFBIG: (.logFull, "make room; the records wait in the state")
            case EROFS, EACCES, EPERM: (fallback == .logUnreadable ? fallback : .logReadOnly, "check its permissions")
            case ENOENT, ENOTDIR: (fallback, "check `audit.file` and its folder")
            default: (fallback, "check the disk")
            }
        return AuditError(code, "cannot \(what) the audit log \(path): \(String(cString: strerror(number))); \(remedy)")
    }
}
