import GRDB

/// Why a state cannot be used; nothing of it is changed by a failure.
package struct StoreError: Error, Sendable, CustomStringConvertible {
    package enum Code: Hashable, Sendable {
        /// Another process owns it.
        case inUse(pid: Int32?, verb: String?)
        case missing
        case corrupt
        case notADatabase
        /// A database of another program.
        case notAState
        case newer
        case readOnly
        /// Locked by a process that is not Ballast.
        case locked
        case full
        /// Permissions, a folder that does not exist, too many files open.
        case inaccessible
        /// A document that this version cannot read.
        case undecodable
        case failed
    }

    package var code: Code
    package var message: String
    package var cause: (any Error)?

    package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    package var description: String { message }

    /// Classifies once what SQLite said. Arguments of statements are never part of it.
    package init(_ error: any Error, path: String, doing what: String) {
        if let error = error as? StoreError {
            self = error
            return
        }
        guard let failure = error as? DatabaseError else {
            self.init(.failed, "cannot \(what) the state \(path): \(error)", cause: error)
            return
        }
        let reason = failure.message ?? "SQLite error \(failure.extendedResultCode.rawValue)"
        let (code, remedy): (Code, String) =
            switch failure.resultCode {
            case .SQLITE_CORRUPT:
                (.corrupt, "it is damaged and was left as it is; restore a copy made by `ballast state backup`")
            case .SQLITE_NOTADB: (.notADatabase, "it is no SQLite file and was left as it is; check `state`")
            case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
                (.readOnly, "make the file and its folder writable for this user")
            case .SQLITE_BUSY, .SQLITE_LOCKED:
                (.locked, "another program has it open and holds a lock; end that program")
            case .SQLITE_FULL: (.full, "the disk is full; make room, nothing was lost")
            case .SQLITE_IOERR where StateDisk(of: path).isFull:
                (.full, "the disk is full; make room, nothing was lost")
            case .SQLITE_CANTOPEN where StateDisk(of: path).isReadOnly:
                (.readOnly, "its disk is mounted read-only; put a copy of it on one that can be written")
            case .SQLITE_CANTOPEN: (.inaccessible, "check that its folder exists and this user may use it")
            default: (.failed, "check the disk")
            }
        self.init(code, "cannot \(what) the state \(path): \(reason); \(remedy)", cause: failure)
    }
}
