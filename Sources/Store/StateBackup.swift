import GRDB
import Glibc

/// A consistent copy of a state while it is in use.
enum StateBackup {
    /// The copy is made beside its place and renamed when it is whole and on the disk.
    static func copy(from source: DatabaseQueue, to path: String) throws(StoreError) {
        let draft = path + ".partial"
        unlink(draft)
        do {
            var configuration = Configuration()
            configuration.label = "state.backup"
            let target = try DatabaseQueue(path: draft, configuration: configuration)
            try source.backup(to: target)
            // The copy is in WAL mode like the source; as one file it is complete by itself.
            try target.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
            try target.close()
            try sync(draft)
            guard rename(draft, path) == 0 else { throw failure(path) }
            try sync(folder(of: path))
        } catch {
            unlink(draft)
            throw StoreError(error, path: path, doing: "write a copy of")
        }
    }

    static func folder(of path: String) -> String {
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        return folder.isEmpty ? (path.hasPrefix("/") ? "/" : ".") : folder
    }

    static func sync(_ path: String) throws(StoreError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure(path) }
    }

    private static func failure(_ path: String) -> StoreError {
        let number = errno
        let code: StoreError.Code =
            switch number {
            case ENOSPC, EDQUOT: .full
            case EROFS, EACCES, EPERM: .readOnly
            default: .inaccessible
            }
        return StoreError(code, "cannot write \(path): \(String(cString: strerror(number)))")
    }
}
