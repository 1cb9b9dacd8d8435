package import Domain

/// One audit record of a rollout, read as plain data.
package struct StepRecord: Sendable {
    package var index: Int64
    package var at: Timestamp
    /// A stable word: `guard`, `intent`, `answer`, `job`, `verification`, …
    package var step: String
    package var fields: JSONValue

    /// nil: it is no step of a rollout.
    package init?(_ record: JSONValue) {
        guard let step = record["step"]?.text,
            let at = (record["auditTimestamp"]?.text).flatMap(Timestamp.init(iso8601:))
        else { return nil }
        index = record["chain"]?["index"]?.int ?? 0
        self.at = at
        self.step = step
        fields = record
    }

    /// Whether it is the work of that phase, for what happened in the millisecond in which the phase ended.
    func belongs(to phase: String) -> Bool {
        switch step {
        case "guard":
            phase
                == (verdict?.name == Guard.sessions.rawValue || verdict?.name == Guard.inFlight.rawValue
                ? Rollout.Phase.draining : .guarding).rawValue
        case "intent", "answer", "absent": phase == Rollout.Phase.triggering.rawValue
        case "job", "read-back", "status-unknown": phase == Rollout.Phase.deploying.rawValue
        case "verification": phase == Rollout.Phase.verifying.rawValue
        case "quarantine", "failover": phase != Rollout.Phase.guarding.rawValue
        default: false
        }
    }

    var verdict: (name: String, verdict: Verdict, detail: String, isWaived: Bool)? {
        guard step == "guard", let name = fields["guard"]?.text,
            let verdict = (fields["verdict"]?.text).flatMap(Verdict.init(rawValue:))
        else { return nil }
        return (name, verdict, fields["detail"]?.text ?? "", fields["waived"] == .bool(true))
    }
}

/// A line of the timeline, below the phase in which it happened.
struct StepLine: Sendable {
    var time: Moment
    var index: String
    var title: String
    var detail: String
    var tone: String

    init(_ record: StepRecord) {
        time = Moment(record.at)
        index = record.index > 0 ? "\(record.index)" : ""
        let (title, detail, tone) = Self.words(record)
        self.title = Words.clean(title)
        self.detail = Words.clean(detail)
        self.tone = tone.rawValue
    }

    /// Guards that passed one after the other are one line; the ladder beside it has their details.
    init(passed names: [String], first: StepRecord, last: StepRecord) {
        time = Moment(first.at)
        index = first.index == last.index ? "\(first.index)" : "\(first.index)–\(last.index)"
        title = names.count == 1 ? "Guard passes" : "Guards pass"
        detail = Words.clean(names.joined(separator: ", "))
        tone = Face.Tone.good.rawValue
    }

    /// A guard that was looked at again and again, as one line: the drawing has every look.
    init(waited records: [StepRecord], first: StepRecord, last: StepRecord) {
        self.init(first)
        index = "\(first.index)–\(last.index)"
        detail = Words.clean(
            "\(first.verdict?.detail ?? "") → \(last.verdict?.detail ?? ""), \(records.count) changes")
    }

    private static func words(_ record: StepRecord) -> (String, String, Face.Tone) {
        let fields = record.fields
        func text(_ name: String) -> String { fields[name]?.text ?? "" }
        func list(_ parts: String...) -> String { parts.filter { !$0.isEmpty }.joined(separator: " · ") }
        switch record.step {
        case "guard":
            guard let guardVerdict = record.verdict else { break }
            let face = Face(
                GuardVerdict(.manifest, guardVerdict.verdict, "", waived: guardVerdict.isWaived))
            return (
                "Guard \(guardVerdict.name): \(face.word.lowercased())", guardVerdict.detail,
                Face.Tone(rawValue: face.tone) ?? .calm
            )
        case "intent":
            return (
                "Intent journaled", list("\(text("direction")) to \(text("targetVersion"))", text("idempotencyKey")),
                .move
            )
        case "answer":
            let isAccepted = !text("jobId").isEmpty
            let status =
                fields["httpStatus"]?.int.map { "answered \($0)" } ?? (isAccepted ? "accepted" : "got no answer")
            return (
                "Request \(status)",
                list(isAccepted ? "job \(text("jobId"))" : text("failure"), milliseconds(fields["latencyMs"])),
                isAccepted ? .good : .warn
            )
        case "job":
            let isDone = text("state") == "COMPLETED"
            return (
                "Job \(text("state").lowercased())", list(text("jobId"), text("errorMessage")), isDone ? .good : .fail
            )
        case "read-back":
            return ("Read back", list("serves \(text("serves"))", text("jobId"), text("by")), .good)
        case "verification":
            let verdict = TurnResult.Verdict(rawValue: text("verdict"))
            let face = verdict.map { Face($0) } ?? Face("Judged", .calm)
            return (
                "Verification \(face.word.lowercased())",
                list("“\(text("testMessage"))”", text("detectedIntent"), confidence(fields), text("detail")),
                Face.Tone(rawValue: face.tone) ?? .calm
            )
        case "quarantine": return ("\(text("version")) is quarantined", text("reason"), .fail)
        case "failover": return ("Fails over to \(text("to"))", text("reason"), .fail)
        case "end":
            let face = Outcome(rawValue: text("outcome")).map { Face($0) } ?? Face(text("outcome"), .calm)
            return (face.word, text("message"), Face.Tone(rawValue: face.tone) ?? .calm)
        default: break
        }
        return (
            record.step.prefix(1).uppercased() + record.step.dropFirst().replacing("-", with: " "), rest(fields), .calm
        )
    }

    private static func rest(_ fields: JSONValue) -> String {
        ["reason", "by", "found", "jobId", "serves", "from", "now", "commit", "idempotencyKey"]
            .compactMap { name in
                guard let text = fields[name]?.text else { return nil }
                return "\(name) \(text)"
            }.joined(separator: " · ")
    }

    private static func milliseconds(_ value: JSONValue?) -> String {
        value?.decimal.map { "\(Words.decimal($0, places: 1)) ms" } ?? ""
    }

    private static func confidence(_ fields: JSONValue) -> String {
        let value = fields["confidence"]?.decimal.map { "confidence \(Words.decimal($0))" } ?? ""
        return [value, milliseconds(fields["latencyMs"])].filter { !$0.isEmpty }.joined(separator: " · ")
    }
}

extension JSONValue {
    var decimal: Double? {
        switch self {
        case .number(let value): value
        case .integer(let value): Double(value)
        default: nil
        }
    }
}
