package import Domain

/// `POST /api/v1/bots/{name}/rollback`: what became of the commit. Without git only `id`, `changed` and `message`.
package struct RollbackShape: Codable, Hashable, Sendable {
    package var id: String
    /// `pushed`; `refused`: the commit stands on `branch`, for a merge request; `unchanged`: no commit was made.
    package var outcome: String?
    package var changed: Bool
    package var message: String
    package var commit: String?
    package var path: String?
    package var from: String?
    package var to: String?
    package var reverts: String?
    package var branch: String?
    /// The branch that it was meant for.
    package var watched: String?
    /// What the remote said.
    package var answer: String?
    package var mergeRequest: String?

    package init(id: String, _ made: RollbackOutcome, watched: String) {
        self.id = id
        self.watched = watched
        switch made {
        case .pushed(let commit):
            outcome = "pushed"
            changed = true
            message = "\(commit.path): from \(commit.from) to \(commit.to)"
            take(commit)
        case .refused(let commit, let own, let said, let link):
            outcome = "refused"
            changed = false
            message = "the branch refused the push; the commit stands on \(own), for a merge request"
            (branch, answer, mergeRequest) = (own, UntrustedText.cleaned(said), link)
            take(commit)
        case .unchanged(let version):
            outcome = "unchanged"
            changed = false
            message = "the manifest names \(version) already; no commit was made"
            to = version
        }
    }

    private mutating func take(_ made: RollbackCommit) {
        (commit, path, from, to, reverts) = (made.id.hex, made.path, made.from, made.to, made.reverts?.hex)
    }

    /// nil: without git, or what no version of Ballast says.
    package var made: RollbackOutcome? {
        if outcome == "unchanged", let to { return .unchanged(version: to) }
        guard let commit = commit.flatMap({ CommitID($0) }), let path, let from, let to else { return nil }
        let made = RollbackCommit(
            id: commit, path: path, from: from, to: to, reverts: reverts.flatMap { CommitID($0) })
        switch outcome {
        case "pushed": return .pushed(made)
        case "refused":
            return branch.map { .refused(made, branch: $0, answer: answer ?? "", mergeRequest: mergeRequest) }
        default: return nil
        }
    }
}
