import Domain

/// `kind: github-status`: a status of the manifest's commit. GitHub keeps a thousand of one context and then answers 422.
struct GitHubStatusFormat: SinkFormat {
    let repository: String

    func begin(_ event: Event, with access: SinkAccess) -> SinkStep {
        guard let status = CommitStatus(event) else { return ForgeStatus.nothingToSay(event) }
        let request = SinkRequest.post(
            "/repos/\(repository)/statuses/\(status.commit.hex)",
            .object([
                ("state", .string(GitHubStatusFormat.state(status.state))),
                ("context", .string(ForgeStatus.context(status))), ("description", .string(ForgeStatus.text(status))),
            ]), headers: GitHub.headers(access))
        return .exchange(request) { .over(GitHub.judge($0, at: access.attemptedAt)) }
    }

    /// GitHub has no word for what ended without a verdict.
    private static func state(_ state: CommitStatus.State) -> String {
        switch state {
        case .pending: "pending"
        case .success: "success"
        case .failure, .cancelled: "failure"
        }
    }
}
