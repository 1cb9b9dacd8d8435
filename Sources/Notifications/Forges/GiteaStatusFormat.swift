import Domain

/// `kind: gitea-status`: a status of the manifest's commit on Gitea or Forgejo.
struct GiteaStatusFormat: SinkFormat {
    let repository: String

    func begin(_ event: Event, with access: SinkAccess) -> SinkStep {
        guard let status = CommitStatus(event) else { return ForgeStatus.nothingToSay(event) }
        let state =
            switch status.state {
            case .pending: "pending"
            case .success: "success"
            // Neither has a word for what ended without a verdict that both know.
            case .failure, .cancelled: "failure"
            }
        let request = SinkRequest.post(
            "/repos/\(repository)/statuses/\(status.commit.hex)",
            .object([
                ("state", .string(state)), ("context", .string(ForgeStatus.context(status))),
                ("description", .string(ForgeStatus.text(status))),
            ]), headers: [(name: "Authorization", value: "token \(access.token)")])
        return only(request, at: access.attemptedAt)
    }
}
