import CLibgit2

/// What kinds of object there are.
enum ObjectKind: Int32 {
    case commit = 1
    case tree = 2
    case blob = 3
    case tag = 4
}

/// The ids of objects that were written through a store.
final class WrittenIDs {
    var ids: Set<ObjectID> = []
}

/// The object database of a repository. Objects are read as bytes and parsed in Swift: no handle of an object exists.
@safe struct ObjectStore: ~Copyable {
    let handle: OpaquePointer
    /// Where to note what is written; `nil` where nobody asks.
    private let written: WrittenIDs?

    init(of repository: borrowing Repository, noting written: WrittenIDs? = nil) throws(LibGitFailure) {
        self.written = written
        var opened: OpaquePointer?
        try LibGitFailure.check("git_repository_odb", unsafe git_repository_odb(&opened, repository.handle))
        guard let opened = unsafe opened else {
            throw LibGitFailure(function: "git_repository_odb", code: -1, area: 0, text: "no handle was given")
        }
        unsafe handle = opened
    }

    deinit {
        unsafe git_odb_free(handle)
    }

    /// Kind and size without reading the content; `nil` where there is no such object.
    func header(_ id: ObjectID) throws(LibGitFailure) -> (kind: ObjectKind, bytes: UInt64)? {
        var oid = id.oid
        var size = 0
        var type = GIT_OBJECT_INVALID
        let status = unsafe git_odb_read_header(&size, &type, handle, &oid)
        if status == GIT_ENOTFOUND.rawValue {
            git_error_clear()
            return nil
        }
        try LibGitFailure.check("git_odb_read_header", status)
        guard let kind = ObjectKind(rawValue: type.rawValue) else { return nil }
        return (kind, UInt64(size))
    }

    /// The whole content of an object of this kind.
    /// - Throws: `GitError` with `notFound`, `tooLarge`; `LibGitFailure` for damage.
    func read(_ id: ObjectID, as kind: ObjectKind, maxBytes: Int) throws -> [UInt8] {
        guard let found = try header(id), found.kind == kind else {
            throw GitError(.notFound, "there is no \(kind) \(id.hex) in the copy")
        }
        guard found.bytes <= UInt64(maxBytes) else {
            throw GitError(.tooLarge, "\(kind) \(id.short) has \(found.bytes) bytes; at most \(maxBytes) are read")
        }
        var oid = id.oid
        var object: OpaquePointer?
        try LibGitFailure.check("git_odb_read", unsafe git_odb_read(&object, handle, &oid))
        defer { unsafe git_odb_object_free(object) }
        guard let start = unsafe git_odb_object_data(object) else { return [] }
        return unsafe Array(UnsafeRawBufferPointer(start: start, count: git_odb_object_size(object)))
    }

    func exists(_ id: ObjectID) -> Bool {
        var oid = id.oid
        return unsafe git_odb_exists(handle, &oid) == 1
    }

    /// Writes an object, flushed to disk before this returns.
    func write(_ bytes: [UInt8], as kind: ObjectKind) throws(LibGitFailure) -> ObjectID {
        var oid = git_oid()
        let status = unsafe bytes.withUnsafeBytes { buffer in
            unsafe git_odb_write(&oid, handle, buffer.baseAddress, buffer.count, git_object_t(kind.rawValue))
        }
        try LibGitFailure.check("git_odb_write", status)
        written?.ids.insert(ObjectID(oid))
        return ObjectID(oid)
    }

    /// Completes an abbreviated id; `nil` where nothing fits.
    func complete(prefix: String) throws(LibGitFailure) -> ObjectID? {
        let padded = prefix + String(repeating: "0", count: max(0, ObjectID.hexCount - prefix.count))
        guard let short = ObjectID(hex: padded) else { return nil }
        var oid = short.oid
        var found = git_oid()
        let status = unsafe git_odb_exists_prefix(&found, handle, &oid, prefix.count)
        if status == GIT_ENOTFOUND.rawValue {
            git_error_clear()
            return nil
        }
        try LibGitFailure.check("git_odb_exists_prefix", status)
        return ObjectID(found)
    }

    /// The raw bytes of a commit.
    func commit(_ id: ObjectID) throws -> CommitSnapshot {
        try CommitSnapshot(id: id, raw: read(id, as: .commit, maxBytes: CommitSnapshot.maxCommitBytes))
    }

    /// The tree of a commit, or the id itself where it names a tree.
    func tree(of id: ObjectID) throws -> ObjectID {
        guard let found = try header(id) else {
            throw GitError(.notFound, "there is no object \(id.hex) in the copy")
        }
        if found.kind == .tree { return id }
        return try commit(id).tree
    }
}
