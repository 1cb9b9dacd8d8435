import FoundationEssentials
import Glibc

/// The few things that the worker does with files itself.
enum Files {
    /// The names in a folder; none where it cannot be read.
    static func names(in folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    }

    /// The paths of everything below a folder that is no folder. Links are not followed.
    static func all(under folder: String) -> [String] {
        guard let inner = try? FileManager.default.subpathsOfDirectory(atPath: folder) else { return [] }
        return inner.map { "\(folder)/\($0)" }
    }

    static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    /// Deletes one file; a missing one is fine.
    static func delete(_ path: String) {
        _ = unsafe unlink(path)
    }

    /// Renames within one file system.
    static func move(_ path: String, to target: String) throws(GitError) {
        guard unsafe rename(path, target) == 0 else {
            throw GitError(.unusable, "\(path) cannot be moved to \(target)", cause: lastError)
        }
    }

    /// What the system said about the last call that failed on this thread.
    static var lastError: String {
        unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "error \(errno)"
    }

    /// Makes a folder and what is missing above it; its own mode is 0700.
    static func makeFolder(_ path: String) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw GitError(.unusable, "the folder \(path) cannot be made", cause: "\(error)")
        }
    }

    /// Deletes a file or a whole folder; nothing where there is none.
    static func remove(_ path: String) {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Makes the names in a folder durable.
    static func flush(folder: String) {
        let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    /// Writes a private file.
    static func write(_ text: String, to path: String) throws {
        delete(path)
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw GitError(.unusable, "\(path) cannot be written", cause: lastError) }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard Pipe.writeAll(bytes, to: descriptor) else {
            throw GitError(.unusable, "\(path) cannot be written", cause: lastError)
        }
    }

    /// Takes an exclusive lock that the process holds for its life, or until the result is closed.
    /// - Parameter maxWaitMilliseconds: how long to wait for another holder.
    static func lock(_ path: String, maxWaitMilliseconds: Int) throws -> Int32 {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw GitError(.unusable, "\(path) cannot be opened", cause: lastError) }
        var waited = 0
        let step = 10
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR, waited < maxWaitMilliseconds else {
                close(descriptor)
                throw GitError(.busy, "another process works on the copy of the repository (\(path) is locked)")
            }
            usleep(UInt32(step) * 1_000)
            waited += step
        }
        return descriptor
    }
}

/// Blocking reads and writes of a descriptor.
enum Pipe {
    static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        unsafe bytes.withUnsafeBytes { buffer in
            var sent = 0
            while sent < buffer.count {
                guard let base = buffer.baseAddress else { return true }
                let count = unsafe Glibc.write(descriptor, base + sent, buffer.count - sent)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                sent += count
            }
            return true
        }
    }

    /// The next bytes, at most 64 KiB; empty at the end or on an error.
    static func readSome(from descriptor: Int32) -> [UInt8] {
        var count = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 64 * 1024) { buffer, initialized in
            repeat {
                count = unsafe read(descriptor, buffer.baseAddress, buffer.count)
            } while count < 0 && errno == EINTR
            initialized = max(0, count)
        }
        return bytes
    }
}

/// Names of refs in the copy.
enum Refs {
    /// Everything that was fetched lies below; nothing else does. Only the remote worker writes here.
    static let remoteFolder = "refs/remotes/"

    /// Where the remote's ref of a name is kept.
    static func fetched(_ name: String) -> String {
        remoteFolder + "origin/" + name.dropFirst("refs/".count)
    }
}
