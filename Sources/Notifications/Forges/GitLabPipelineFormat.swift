import Domain
import Exchange

/// `kind: gitlab-pipeline`: starts a pipeline with a trigger token; what happened is in variables whose names begin with
/// `BALLAST_EVENT_`. Delivery is at least once: a job that must not run twice remembers `BALLAST_EVENT_ID`.
struct GitLabPipelineFormat: SinkFormat {
    /// Variables become the environment of a process, which has a limit of 128 KiB each.
    static let maxPayloadBytes = 60_000

    let project: String
    let ref: String

    func begin(_ event: Event, with access: SinkAccess) -> SinkStep {
        let variables = GitLabPipelineFormat.variables(event).map { (name: "variables[\($0.name)]", value: $0.value) }
        let request = SinkRequest(
            method: .post, path: "/projects/\(PayloadText.encoded(project))/trigger/pipeline",
            headers: [(name: "Content-Type", value: "application/x-www-form-urlencoded")],
            body: PayloadText.form([(name: "token", value: access.token), (name: "ref", value: ref)] + variables),
            maxAnswerBytes: SinkRequest.maxAnswerBytes)
        return only(request, at: access.attemptedAt)
    }

    /// What does not apply is left out.
    static func variables(_ event: Event) -> [(name: String, value: String)] {
        let drift = event.drift
        let payload = WebhookBody.node(event, maxBytes: maxPayloadBytes).bytes
        let found: [(name: String, value: String?)] = [
            ("ID", event.id), ("TYPE", event.type), ("STATUS", event.status.rawValue),
            ("SEVERITY", event.severity.rawValue), ("MESSAGE", PayloadText.cut(event.message, to: 1000)),
            ("FINGERPRINT", event.fingerprint), ("BOT", event.bot?.name), ("BOT_ID", event.bot?.key.botId),
            ("PLATFORM", event.bot?.key.platform), ("ENVIRONMENT", event.bot?.key.environment), ("FROM", event.from),
            ("TO", event.to), ("COMMIT", event.commit?.sha.hex ?? event.about?.hex), ("GUARD", event.guardName),
            ("DRIFT_CAUSE", drift?.cause.rawValue), ("DRIFT_DESIRED", drift?.desired),
            ("DRIFT_DEPLOYED", drift?.deployed), ("DRIFT_CHANGED_BY", drift?.changedBy),
            ("DRIFT_CHANGED_AT", drift?.changedAt?.iso8601), ("DRIFT_FIRST_SEEN", drift?.firstSeen.iso8601),
            ("DRIFT_OCCURRENCE", drift.map { "\($0.occurrence)" }),
            ("PAYLOAD", String(decoding: payload, as: UTF8.self)),
        ]
        return found.compactMap { variable in
            variable.value.map { (name: "BALLAST_EVENT_\(variable.name)", value: $0) }
        }
    }
}
