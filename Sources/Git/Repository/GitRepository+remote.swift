extension GitRepository {
    /// The remote's head of a branch (a name such as `main`), by its list of refs alone; nothing is transferred.
    /// Throws `noSuchBranch` (the message names some that exist), `emptyRepository`, `unreachable`, `timedOut`, `authentication`,
    /// `hostKey`, `noSuchRepository`, `protocolError`.
    package func look(branch: String) async throws(GitError) -> ObjectID {
        let answer = try await askRemote { .look(branch: branch, $0) }
        guard case .id(let head?) = answer.body else { throw answer.unexpected("look") }
        return head
    }

    /// Looks at a branch and, where its head is not `known`, brings its history into the copy, over one connection.
    /// Throws as `look` does, and `shallowRemote`, `tooLarge`.
    package func fetch(branch: String, known: ObjectID? = nil) async throws(GitError) -> FetchAnswer {
        let answer = try await askRemote(transfers: true) { .fetch(branch: branch, known: known, $0) }
        guard case .fetched(let fetched) = answer.body else { throw answer.unexpected("fetch") }
        return fetched
    }

    /// Brings a ref that is no branch (`refs/notes/ballast`) into the copy, beside the copy's own ref of that name, which
    /// stays as it is. `nil` where the remote has none.
    package func fetchNotes(_ ref: String) async throws(GitError) -> ObjectID? {
        let answer = try await askRemote(transfers: true) { .fetchRef(ref, $0) }
        guard case .id(let tip) = answer.body else { throw answer.unexpected("fetchNotes") }
        return tip
    }

    /// Pushes a commit to a ref of the remote (`refs/heads/main`, `refs/notes/ballast`), never forced.
    /// - Parameter expecting: where the remote's ref must be; `nil`: it must not exist there.
    package func push(_ id: ObjectID, to ref: String, expecting old: ObjectID?) async throws(GitError) -> PushAnswer {
        let answer = try await askRemote(transfers: true) { .push(id, ref: ref, expecting: old, $0) }
        guard case .pushed(let result) = answer.body else { throw answer.unexpected("push") }
        return result
    }

    private func askRemote(
        transfers: Bool = false, _ request: (RemoteAccess) -> WorkerRequest
    ) async throws(GitError) -> WorkerAnswer {
        guard let address = settings.remote else {
            throw GitError(.badRequest, "this repository has no remote to ask")
        }
        let credential: GitCredential?
        do {
            credential = try await settings.credential()
        } catch {
            throw GitError(.authentication, "the credential for \(address.redacted) cannot be read: \(error)")
        }
        let access = RemoteAccess(address: address.text, credential: credential, caFile: settings.caFile)
        return try await remote.ask(request(access), transfers: transfers)
    }
}
