/// A git repository and its remote, worked on in two long-lived child processes: one for the remote, one for the copy.
///
/// Each worker is serial: requests wait for their turn. Every method is one request, answered or failed within a deadline;
/// nothing is retried here. A worker that is ended (deadline, cancelled caller, crash) is started again by the next request.
/// All methods throw `GitError`. `shutdown()` ends both workers; after it every method throws `cancelled`.
///
/// What a caller does with damage: on `damagedMirror`, `setAside()`, then `open()` and `fetch` again.
package struct GitRepository: Sendable {
    let settings: GitSettings
    let local: WorkerHandle
    let remote: WorkerHandle

    package init(_ settings: GitSettings) {
        self.settings = settings
        local = WorkerHandle(role: .local, settings: settings)
        remote = WorkerHandle(role: .remote, settings: settings)
    }

    /// Ends both workers and waits until their processes are gone. May be called twice.
    package func shutdown() async {
        await local.shutdown()
        await remote.shutdown()
    }

    /// Opens the copy, creating an empty bare one where there is none (a clone is only opened). Every method opens by
    /// itself: call this to learn early that it cannot be (`unusable`, `busy`, `damagedMirror`).
    package func open() async throws(GitError) {
        _ = try await local.ask(.open)
    }

    /// Puts the copy aside as `….damaged` beside it (an older one is deleted), so that the next request makes a new one.
    /// - Returns: the path that it has now; `nil` where there was none.
    @discardableResult
    package func setAside() async throws(GitError) -> String? {
        await remote.restart()
        let answer = try await local.ask(.setAside)
        await local.restart()
        guard case .text(let path) = answer.body else { throw answer.unexpected("setAside") }
        return path.isEmpty ? nil : path
    }
}

// MARK: - Reading

extension GitRepository {
    /// What differs between two commits (or trees) below a folder, sorted by path. Costs the changed folders, not the whole tree.
    /// - Parameters:
    ///   - from: `nil`: everything in `to` is new.
    ///   - to: a commit or tree; `notFound` where the copy has no such object.
    ///   - folder: from the root, without slashes at the ends; `""` for all. Where it is itself no folder (a link, a
    ///     submodule, a file), the one change is at that very path.
    package func changes(from: ObjectID?, to: ObjectID, under folder: String = "") async throws(GitError)
        -> [PathChange]
    {
        let answer = try await local.ask(.changes(from: from, to: to, folder: folder))
        guard case .changes(let changes) = answer.body else { throw answer.unexpected("changes") }
        return changes
    }

    /// Contents of blobs, in the order asked. The size is asked before anything is read.
    /// - Parameter maxBytesEach: at most 64 MiB.
    package func blobs(_ ids: [ObjectID], maxBytesEach: Int) async throws(GitError) -> [BlobAnswer] {
        var found: [BlobAnswer] = []
        found.reserveCapacity(ids.count)
        while found.count < ids.count {
            let some = Array(ids[found.count..<min(ids.count, found.count + Frame.maxBlobsPerRequest)])
            let answer = try await local.ask(.blobs(some, maxBytesEach: min(maxBytesEach, Frame.maxBlobBytes)))
            guard case .blobs(let headers) = answer.body, !headers.isEmpty, headers.count <= some.count else {
                throw answer.unexpected("blobs")
            }
            var offset = 0
            for header in headers {
                found.append(try answer.blob(header, at: &offset))
            }
        }
        return found
    }

    /// The entry at a path of a commit or tree; `nil` where there is none. Links are not followed.
    package func entry(at path: String, in commit: ObjectID) async throws(GitError) -> TreeEntry? {
        let answer = try await local.ask(.entry(path: path, commit: commit))
        guard case .entries(let entries) = answer.body else { throw answer.unexpected("entry") }
        return entries.first
    }

    /// The entries of one folder (not of those inside it); `notFound` where it is no folder.
    package func listing(of folder: String = "", in commit: ObjectID) async throws(GitError) -> [TreeEntry] {
        let answer = try await local.ask(.listing(folder: folder, commit: commit))
        guard case .entries(let entries) = answer.body else { throw answer.unexpected("listing") }
        return entries
    }

    /// One commit; `notFound` where the copy has none of that id. The raw bytes are in it.
    package func commit(_ id: ObjectID) async throws(GitError) -> CommitSnapshot {
        let answer = try await local.ask(.commit(id))
        guard let commit = try answer.history().entries.first?.commit else { throw answer.unexpected("commit") }
        return commit
    }

    /// A stretch of history with, where asked, what each commit changed: one request for a whole range.
    package func history(_ query: HistoryQuery) async throws(GitError) -> History {
        try await local.ask(.history(query)).history()
    }

    /// True where `id` is `ancestor` or descends from it; `notFound` where the copy lacks one of them.
    package func isDescendant(_ id: ObjectID, of ancestor: ObjectID) async throws(GitError) -> Bool {
        let answer = try await local.ask(.isDescendant(id, of: ancestor))
        guard case .flag(let result) = answer.body else { throw answer.unexpected("isDescendant") }
        return result
    }

    /// Completes an abbreviated commit id (4 digits at least): the commit, `nil` where there is none, `conflict` where several.
    package func resolve(_ prefix: String) async throws(GitError) -> ObjectID? {
        let answer = try await local.ask(.resolve(prefix: prefix))
        guard case .id(let id) = answer.body else { throw answer.unexpected("resolve") }
        return id
    }

    /// Where a ref of the copy is (`refs/…`, in full); `nil` where there is none.
    package func ref(_ name: String) async throws(GitError) -> ObjectID? {
        let answer = try await local.ask(.ref(name))
        guard case .id(let id) = answer.body else { throw answer.unexpected("ref") }
        return id
    }
}
