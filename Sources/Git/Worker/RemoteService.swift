/// Answers requests about the remote.
struct RemoteService {
    let copy: Copy

    private static let maxNamesInMessage = 5

    func answer(_ request: WorkerRequest) throws -> (AnswerBody, [UInt8]) {
        switch request {
        case .look(let branch, let access):
            return try withSession(access) { session in
                (.id(try head(of: branch, in: session.connect(.look), session)), [])
            }
        case .fetch(let branch, let known, let access):
            return try withSession(access) { session in (.fetched(try fetch(branch, known, session)), []) }
        case .fetchRef(let ref, let access):
            return try withSession(access) { session in
                guard let tip = try session.connect(.look)[ref] else { return (.id(nil), []) }
                let open = try copy.repository()
                if try open.repository.ref(Refs.fetched(ref)) != tip {
                    try session.fetch(ref, into: Refs.fetched(ref))
                }
                try requireHistory(at: tip, of: ref, session)
                return (.id(try open.repository.ref(Refs.fetched(ref))), [])
            }
        case .push(let id, let ref, let expected, let access):
            return try withSession(access) { session in
                (.pushed(try push(id, ref: ref, expecting: expected, session)), [])
            }
        default: throw GitError(.badRequest, "this request is not for the remote worker")
        }
    }

    private func withSession<Result>(
        _ access: RemoteAccess, _ body: (RemoteSession) throws -> Result
    ) throws -> Result {
        let address = try GitAddress(access.address)
        let open = try copy.repository()
        if address.scheme == .ssh { try KnownHosts.install(access.credential, for: address, home: copy.homePath) }
        if let caFile = access.caFile, address.scheme == .https { try LibGit.trust(certificateFile: caFile) }
        try LibGit.connectOnly(to: address)
        let session = try RemoteSession(address: address, credential: access.credential, repository: open)
        do {
            return try body(session)
        } catch let failure as LibGitFailure {
            throw session.describe(failure)
        }
    }

    private func fetch(_ branch: String, _ known: ObjectID?, _ session: RemoteSession) throws -> FetchAnswer {
        let head = try head(of: branch, in: session.connect(.look), session)
        let ref = "refs/heads/\(branch)"
        let open = try copy.repository()
        let isHere = try open.repository.ref(Refs.fetched(ref)) == head
        var transfer: Duration?
        if !isHere {
            let begun = ContinuousClock.now
            try session.refuseShallow()
            try session.fetch(ref, into: Refs.fetched(ref))
            let tree = try? open.repository.withObjects { objects in
                try objects.header(objects.commit(head).tree)?.kind
            }
            guard tree == .tree else {
                throw GitError(.protocolError, "\(session.address) sent \(branch) without all of its objects")
            }
            transfer = ContinuousClock.now - begun
        }
        return FetchAnswer(head: head, isNew: head != known, transferMilliseconds: transfer?.wholeMilliseconds)
    }

    /// Anybody who may push a ref may point it at a single file or folder, of which no notes can be read.
    private func requireHistory(at tip: ObjectID, of ref: String, _ session: RemoteSession) throws {
        let kind = try copy.repository().repository.withObjects { try $0.header(tip)?.kind }
        guard let kind, kind == .blob || kind == .tree else { return }
        throw GitError(
            .protocolError,
            "\(ref) at \(session.address) is at \(tip.short), which is a \(kind) and no commit; push the right commit there, or "
                + "delete the ref, and it is written again")
    }

    private func head(
        of branch: String, in refs: [String: ObjectID], _ session: RemoteSession
    ) throws -> ObjectID {
        if let head = refs["refs/heads/\(branch)"] { return head }
        let branches = refs.keys.filter { $0.hasPrefix("refs/heads/") }.map { String($0.dropFirst(11)) }.sorted()
        guard !branches.isEmpty else {
            throw GitError(.emptyRepository, "\(session.address) has no commit yet; push one to \(branch)")
        }
        let some = branches.prefix(Self.maxNamesInMessage).joined(separator: ", ")
        let more = branches.count > Self.maxNamesInMessage ? ", …" : ""
        throw GitError(.noSuchBranch, "\(session.address) has no branch \(branch); it has \(some)\(more)")
    }

    private func push(
        _ id: ObjectID, ref: String, expecting expected: ObjectID?, _ session: RemoteSession
    ) throws -> PushAnswer {
        let open = try copy.repository()
        guard try open.repository.withObjects({ try $0.header(id)?.kind == .commit }) else {
            throw GitError(.notFound, "there is no commit \(id.hex) in the copy to push")
        }
        if session.address.scheme == .file {
            return try PathPush(from: open, to: session.address).push(id, ref: ref, expecting: expected)
        }
        let present = try session.connect(.push)[ref]
        if present == id { return .done }
        guard present == expected else { return .moved }
        return try session.push(id, ref: ref, expecting: expected)
    }
}

extension Duration {
    fileprivate var wholeMilliseconds: Int64 {
        components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000
    }
}
