import CLibgit2

extension Repository {
    private static let stagingName = "staging"
    /// Above the file backends of libgit2 (1 and 2), so that writes come here first.
    private static let memoryPriority: Int32 = 999
    /// What makes tidying worth its while.
    private static let maxLooseObjects = 2_000
    private static let maxPacks = 50

    /// Lends an object store for writing. With `isLarge`, everything that is written comes to disk as one pack in the end
    /// (one flush instead of one for each object); until then only `body` sees it.
    func withWriter(
        isLarge: Bool, _ body: (borrowing ObjectStore) throws -> ObjectID?
    ) throws -> ObjectID? {
        guard isLarge else { return try withObjects(body) }
        let second = try Repository(bareAt: folder)
        let written = WrittenIDs()
        let objects = try ObjectStore(of: second, noting: written)
        var backend: UnsafeMutablePointer<git_odb_backend>?
        try LibGitFailure.check("git_mempack_new", unsafe git_mempack_new(&backend))
        // The object database owns the backend from here on.
        try LibGitFailure.check(
            "git_odb_add_backend", unsafe git_odb_add_backend(objects.handle, backend, Self.memoryPriority))
        let result = try body(objects)
        if !written.ids.isEmpty { try second.writePack(of: written.ids.sorted()) }
        return result
    }

    /// Does the same for a result that is always there.
    func withWriter(isLarge: Bool, _ body: (borrowing ObjectStore) throws -> ObjectID) throws -> ObjectID {
        let result: ObjectID? = try withWriter(isLarge: isLarge) { objects -> ObjectID? in try body(objects) }
        guard let result else { throw GitError(.badRequest, "nothing was written") }
        return result
    }

    /// Writes objects as one pack: first into a folder of our own, so that what a killed worker leaves behind can be told
    /// from the other worker's unfinished files, then moved to its place, the index last.
    private func writePack(of ids: [ObjectID]) throws {
        var builder: OpaquePointer?
        try LibGitFailure.check("git_packbuilder_new", unsafe git_packbuilder_new(&builder, handle))
        defer { unsafe git_packbuilder_free(builder) }
        for id in ids {
            var oid = id.oid
            try LibGitFailure.check("git_packbuilder_insert", unsafe git_packbuilder_insert(builder, &oid, nil))
        }
        let staging = folder + Self.stagingName
        try Files.makeFolder(staging)
        let status = unsafe git_packbuilder_write(builder, staging, 0o444, nil, nil)
        try LibGitFailure.check("git_packbuilder_write", status)
        for ending in [".pack", ".idx"] {
            for name in Files.names(in: staging) where name.hasPrefix("pack-") && name.hasSuffix(ending) {
                try Files.move("\(staging)/\(name)", to: "\(folder)objects/pack/\(name)")
            }
        }
        Files.flush(folder: "\(folder)objects/pack")
    }

    /// See `GitRepository.tidyUp`.
    func tidyUp() throws -> Bool {
        let packFolder = "\(folder)objects/pack"
        let packs = Files.names(in: packFolder).filter { $0.hasPrefix("pack-") && $0.hasSuffix(".pack") }
        var loose: [String] = []
        for name in Files.names(in: "\(folder)objects") where name.count == 2 {
            let inner = "\(folder)objects/\(name)"
            loose += Files.names(in: inner).filter { $0.count == ObjectID.hexCount - 2 }.map { "\(inner)/\($0)" }
        }
        guard loose.count > Self.maxLooseObjects || packs.count > Self.maxPacks else { return false }
        try writePack(of: try withObjects { try $0.all() })
        let now = Set(Files.names(in: packFolder))
        let newest = now.subtracting(packs).filter { $0.hasSuffix(".pack") }
        guard !newest.isEmpty else { return false }
        for pack in packs {
            Files.delete("\(packFolder)/\(pack)")
            Files.delete("\(packFolder)/\(pack.dropLast(".pack".count)).idx")
        }
        for path in loose { Files.delete(path) }
        return true
    }

    /// Removes what a killed writer may have left: lock files of refs, half-written objects and packs. Only what the given
    /// role writes, since the other worker may be at work.
    func removeLeftovers(of role: WorkerSetup.Role) {
        switch role {
        case .local:
            for name in Files.names(in: folder) where name.hasSuffix(".lock") { Files.delete(folder + name) }
            for path in Files.all(under: folder + "refs") where path.hasSuffix(".lock") {
                if !path.hasPrefix(folder + Refs.remoteFolder) { Files.delete(path) }
            }
            let staging = folder + Self.stagingName
            for name in Files.names(in: staging) { Files.delete("\(staging)/\(name)") }
            for name in Files.names(in: "\(folder)objects") where name.count == 2 {
                let inner = "\(folder)objects/\(name)"
                for file in Files.names(in: inner) where file.hasPrefix("tmp_") { Files.delete("\(inner)/\(file)") }
            }
        case .remote:
            let packs = "\(folder)objects/pack"
            for name in Files.names(in: packs) where name.hasPrefix("tmp_") || name.hasPrefix("pack_git2_") {
                Files.delete("\(packs)/\(name)")
            }
            for path in Files.all(under: folder + Refs.remoteFolder) where path.hasSuffix(".lock") {
                Files.delete(path)
            }
        }
    }
}

extension ObjectStore {
    /// The ids of all objects, reachable or not.
    func all() throws -> [ObjectID] {
        let found = WrittenIDs()
        let payload = unsafe Unmanaged.passUnretained(found).toOpaque()
        let status = unsafe git_odb_foreach(
            handle,
            { oid, payload in
                guard let oid = unsafe oid, let payload = unsafe payload else { return -1 }
                let found = unsafe Unmanaged<WrittenIDs>.fromOpaque(payload).takeUnretainedValue()
                found.ids.insert(ObjectID(unsafe oid.pointee))
                return 0
            }, payload)
        try LibGitFailure.check("git_odb_foreach", status)
        return found.ids.sorted()
    }
}
