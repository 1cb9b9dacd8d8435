import Domain
import Exchange

/// What the statuses of all forges share.
enum ForgeStatus {
    /// GitHub takes no more; the others cut later.
    static let maxTextCharacters = 140
    /// GitLab takes no more.
    static let maxContextCharacters = 255

    static func context(_ status: CommitStatus) -> String {
        PayloadText.cut(status.context, to: maxContextCharacters)
    }

    static func text(_ status: CommitStatus) -> String { PayloadText.cut(status.text, to: maxTextCharacters) }

    /// An event that such a sink has nothing to show for is never put in its outbox.
    static func nothingToSay(_ event: Event) -> SinkStep {
        .over(.refused(status: 0, answer: "an event of type \(event.type) is no status of a commit"))
    }
}

/// Requests to GitHub's REST API.
enum GitHub {
    static func headers(_ access: SinkAccess) -> [(name: String, value: String)] {
        [
            (name: "Authorization", value: "Bearer \(access.token)"),
            (name: "Accept", value: "application/vnd.github+json"), (name: "X-GitHub-Api-Version", value: "2022-11-28"),
        ]
    }

    /// A limit of requests is told with 403, and passes; a missing right is told with 403, too, and does not.
    static func judge(_ answer: HTTPAnswer, at wall: Timestamp) -> DeliveryAnswer {
        guard answer.status == 403 || answer.status == 429 else { return AnswerRule.judge(answer, at: wall) }
        let text = AnswerRule.text(of: answer)
        if let wait = answer.retryAfter(wall: wall) { return .failed(answer: text, retryAfter: wait) }
        guard answer.header("x-ratelimit-remaining") == "0" else { return AnswerRule.judge(answer, at: wall) }
        let reset = answer.header("x-ratelimit-reset").flatMap { Int64($0) }.map { $0 - wall.milliseconds / 1000 }
        return .failed(answer: text, retryAfter: reset.map { .seconds(min(max($0, 1), 86_400)) })
    }
}
