import Domain
import Exchange
import FoundationEssentials

/// `kind: github-deployment`: one deployment for each rollout, in an environment for each bot (`PRODUCTION/orders`, so that
/// GitHub marks the one before as inactive), and a status for each step. Nothing is remembered between two events: the
/// deployment is found again by the rollout's id in its payload, and made where it is not there.
struct GitHubDeploymentFormat: SinkFormat {
    static let maxListed = 100
    static let maxEnvironmentCharacters = 255

    private struct Listed: Decodable {
        struct Payload: Decodable { var rollout: String? }
        var id: Int64
        var payload: Payload?

        enum CodingKeys: String, CodingKey { case id, payload }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            id = try container.decode(Int64.self, forKey: .id)
            // Others' payloads may be a text or a list.
            payload = try? container.decodeIfPresent(Payload.self, forKey: .payload)
        }
    }

    let repository: String

    func begin(_ event: Event, with access: SinkAccess) -> SinkStep {
        guard let rollout = event.rollout, let commit = event.commit?.sha, let bot = event.bot,
            let state = GitHubDeploymentFormat.state(event.type)
        else { return ForgeStatus.nothingToSay(event) }
        let environment = PayloadText.cut(
            "\(bot.key.environment)/\(bot.name)", to: GitHubDeploymentFormat.maxEnvironmentCharacters)
        let list = SinkRequest.get(
            "/repos/\(repository)/deployments?sha=\(commit.hex)&environment=\(PayloadText.encoded(environment))"
                + "&per_page=\(GitHubDeploymentFormat.maxListed)", headers: GitHub.headers(access))
        return .exchange(list) { answer in
            guard answer.status == 200 else { return .over(GitHub.judge(answer, at: access.attemptedAt)) }
            guard let found = try? ForeignJSON.decode([Listed].self, from: answer.body) else {
                return .over(.failed(answer: "the list of deployments cannot be read", retryAfter: nil))
            }
            if let known = found.first(where: { $0.payload?.rollout == rollout.id }) {
                return tell(state, of: known.id, event, access)
            }
            return create(event, rollout, commit, environment, bot, access) { tell(state, of: $0, event, access) }
        }
    }

    private func create(
        _ event: Event, _ rollout: Event.RolloutReference, _ commit: CommitID, _ environment: String,
        _ bot: Event.BotReference, _ access: SinkAccess, then: @escaping @Sendable (Int64) -> SinkStep
    ) -> SinkStep {
        // Without these two GitHub would merge the default branch in, or wait for other checks.
        let request = SinkRequest.post(
            "/repos/\(repository)/deployments",
            .object([
                ("ref", .string(commit.hex)),
                ("task", .string(rollout.direction == .rollback ? "rollback" : "deploy")),
                ("auto_merge", .bool(false)), ("required_contexts", .array([])), ("environment", .string(environment)),
                ("description", .string(PayloadText.cut(GitHubDeploymentFormat.description(event), to: 140))),
                ("production_environment", .bool(bot.key.environment.lowercased().hasPrefix("prod"))),
                (
                    "payload",
                    .object([
                        ("rollout", .string(rollout.id)), ("bot", .string(bot.key.description)),
                        ("from", .text(event.from)), ("to", .text(event.to)),
                    ])
                ),
            ]), headers: GitHub.headers(access))
        var whole = request
        whole.maxAnswerBytes = SinkRequest.maxListBytes
        return .exchange(whole) { answer in
            guard answer.status == 201 else {
                // 202: GitHub merged, which it was told not to do.
                let judged = GitHub.judge(answer, at: access.attemptedAt)
                guard case .delivered = judged else { return .over(judged) }
                return .over(.failed(answer: AnswerRule.text(of: answer), retryAfter: nil))
            }
            guard let made = try? ForeignJSON.decode(Listed.self, from: answer.body) else {
                return .over(.failed(answer: "the new deployment's id cannot be read", retryAfter: nil))
            }
            return then(made.id)
        }
    }

    private func tell(_ state: String, of deployment: Int64, _ event: Event, _ access: SinkAccess) -> SinkStep {
        let request = SinkRequest.post(
            "/repos/\(repository)/deployments/\(deployment)/statuses",
            .object([
                ("state", .string(state)), ("description", .string(PayloadText.cut(event.message, to: 140))),
            ]), headers: GitHub.headers(access))
        return .exchange(request) { .over(GitHub.judge($0, at: access.attemptedAt)) }
    }

    private static func description(_ event: Event) -> String {
        "\(event.bot?.name ?? ""): \(event.from ?? "nothing") → \(event.to ?? "nothing")"
    }

    private static func state(_ type: String) -> String? {
        switch type {
        case "rollout.started": "in_progress"
        case "rollout.waiting", "rollout.held": "queued"
        case "rollout.succeeded": "success"
        case "rollout.failed", "rollout.failed-over", "rollout.timed-out", "rollout.degraded": "failure"
        case "rollout.blocked", "rollout.indeterminate": "error"
        case "rollout.superseded": "inactive"
        default: nil
        }
    }
}
