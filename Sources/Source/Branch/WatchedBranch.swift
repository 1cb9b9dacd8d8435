package import Documents
package import Domain
import Git

/// The configured branch of the remote, as desired state.
///
/// The work of a reading is that of the files that changed, and of the steps of history back to the commits that changed
/// them; an unchanged head costs nothing.
package struct WatchedBranch: DesiredState {
    let access: RepositoryAccess
    let decoding: FileDecoding
    let digests: ManifestDigest
    let keys: TrustedKeys
    let paths: ManifestPaths
    let secrets: @Sendable () -> [String]

    /// - Parameter secrets: what must not be kept although somebody wrote it into a commit message.
    package init(
        access: RepositoryAccess, decoder: ManifestDecoder, keys: TrustedKeys, digest: any Digests,
        secrets: @escaping @Sendable () -> [String] = { [] }
    ) {
        self.access = access
        self.secrets = secrets
        decoding = FileDecoding(decoder: decoder)
        digests = ManifestDigest(digest: digest)
        self.keys = keys
        paths = ManifestPaths(folder: access.settings.path)
    }

    var git: GitRepository { access.git }
    private var branch: String { access.settings.branch }

    package func look() async -> Answered<RemoteHead> {
        await answering {
            try await access.repairing { _ in
                let answer = try await git.fetch(branch: branch)
                return RemoteHead(
                    branch: branch, commit: CommitID(answer.head),
                    transfer: answer.transferMilliseconds.map { .milliseconds($0) })
            }
        }
    }

    /// The head alone: nothing is transferred.
    package func glance() async -> Answered<RemoteHead> {
        await answering {
            try await access.repairing { _ in
                RemoteHead(branch: branch, commit: CommitID(try await git.look(branch: branch)))
            }
        }
    }

    package func read(head: CommitID, since accepted: CommitID?, everything: Bool) async -> Answered<Reading> {
        if head == accepted, !everything {
            return .value(Reading(head: head, relation: .same, commits: [], changes: []))
        }
        return await answering {
            try await access.repairing { notice in
                let newest = try await present(head)
                let before = try await self.accepted(accepted)
                var reading = try await read(newest, since: before, everything: everything || accepted == nil)
                reading.notice = reading.notice ?? notice
                return reading
            }
        }
    }

    package func resolve(_ revision: String) async -> Answered<CommitID> {
        await answering {
            try await access.repairing { _ in
                CommitID(try await resolved(revision))
            }
        }
    }

    /// A commit of the remote's branch, fetched where it is not here.
    private func present(_ id: CommitID) async throws -> CommitSnapshot {
        let object = try id.objectID()
        if let commit = try await ifAny(except: [.notFound], { try await git.commit(object) }) { return commit }
        _ = try await git.fetch(branch: branch)
        if let commit = try await ifAny(except: [.notFound], { try await git.commit(object) }) { return commit }
        throw SourceFailure(
            .notFound,
            "commit \(id.short) is not on branch \(branch) of \(access.address.redacted) any more; look again")
    }

    /// What was accepted last, as far as it is still here.
    enum Accepted {
        case nothing
        case known(ObjectID)
        /// Only its id is remembered: the history was rewritten, and the copy made anew since.
        case lost
    }

    private func accepted(_ id: CommitID?) async throws -> Accepted {
        guard let id else { return .nothing }
        let object = try id.objectID()
        let commit = try await ifAny(except: [.notFound]) { try await git.commit(object) }
        return commit.map { .known($0.id) } ?? .lost
    }

    private func resolved(_ revision: String) async throws -> ObjectID {
        let words = PlainText.line(revision, maxBytes: 200)
        if let id = ObjectID(hex: revision) {
            if let commit = try await ifAny(except: [.notFound], { try await git.commit(id) }) { return commit.id }
        }
        let asBranch = try await ifAny(except: [.noSuchBranch, .badRequest]) { try await git.fetch(branch: revision) }
        if let asBranch { return asBranch.head }
        _ = try await git.fetch(branch: branch)
        if revision.count >= 4, revision.allSatisfy({ $0.isASCII && $0.isHexDigit }),
            let id = try await git.resolve(revision.lowercased())
        {
            return id
        }
        if let tag = try await tagged(revision) { return tag }
        throw SourceFailure(
            .notFound,
            "\(access.address.redacted) has no branch, tag or commit “\(words)” (commits are found on \(branch))")
    }

    /// A lightweight tag; an annotated one is an object of its own, which is not looked through.
    private func tagged(_ name: String) async throws -> ObjectID? {
        try await ifAny(except: [.badRequest, .notFound, .protocolError]) {
            guard let id = try await git.fetchNotes("refs/tags/\(name)") else { return nil }
            return try await git.commit(id).id
        } ?? nil
    }
}
