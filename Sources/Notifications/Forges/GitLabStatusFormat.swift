import Domain
import Exchange
import FoundationEssentials

/// `kind: gitlab-status`: a status of the manifest's commit. GitLab answers 400 to a state that a context has already, so
/// it is read first.
struct GitLabStatusFormat: SinkFormat {
    static let maxListed = 100

    private struct Listed: Decodable {
        var id: Int64
        var name: String
        var status: String
    }

    let project: String
    let ref: String

    func begin(_ event: Event, with access: SinkAccess) -> SinkStep {
        guard let status = CommitStatus(event) else { return ForgeStatus.nothingToSay(event) }
        let context = ForgeStatus.context(status)
        let list = SinkRequest.get(
            "/projects/\(PayloadText.encoded(project))/repository/commits/\(status.commit.hex)/statuses"
                + "?name=\(PayloadText.encoded(context))&per_page=\(GitLabStatusFormat.maxListed)",
            headers: GitLab.headers(access))
        return .exchange(list) { answer in
            guard answer.status == 200 else { return .over(AnswerRule.judge(answer, at: access.attemptedAt)) }
            guard let found = try? ForeignJSON.decode([Listed].self, from: answer.body) else {
                return .over(.failed(answer: "the list of statuses cannot be read", retryAfter: nil))
            }
            let newest = found.filter { $0.name == context }.max { $0.id < $1.id }
            if newest?.status == GitLabStatusFormat.state(status.state) {
                return .over(.delivered(status: answer.status))
            }
            return set(status, context, access)
        }
    }

    private func set(_ status: CommitStatus, _ context: String, _ access: SinkAccess) -> SinkStep {
        let request = SinkRequest.post(
            "/projects/\(PayloadText.encoded(project))/statuses/\(status.commit.hex)",
            .object([
                ("state", .string(GitLabStatusFormat.state(status.state))), ("name", .string(context)),
                ("ref", .string(ref)), ("description", .string(ForgeStatus.text(status))),
            ]), headers: GitLab.headers(access))
        return .exchange(request) { answer in
            // Between reading and writing another attempt of ours got there: the state is as it should be.
            if answer.status == 400, AnswerRule.text(of: answer).contains("Cannot transition status") {
                return .over(.delivered(status: answer.status))
            }
            return .over(AnswerRule.judge(answer, at: access.attemptedAt))
        }
    }

    private static func state(_ state: CommitStatus.State) -> String {
        switch state {
        case .pending: "pending"
        case .success: "success"
        case .failure: "failed"
        case .cancelled: "canceled"
        }
    }
}

enum GitLab {
    static func headers(_ access: SinkAccess) -> [(name: String, value: String)] {
        [(name: "PRIVATE-TOKEN", value: access.token)]
    }
}
