package import Domain

/// A line of the trail with what it says; the line's bytes are what the chain proves.
package struct AuditLineView: Sendable {
    package var line: String
    package var value: JSONValue

    package init(line: String, value: JSONValue) {
        self.line = line
        self.value = value
    }
}

/// One audit record in a list.
struct RecordRow: Sendable {
    var index: String
    var time: Moment
    var what: String
    var subject: String
    var who: String
    var message: String
    var hash: String
    var line: String
    var rolloutLinks: [String]

    init(_ record: AuditLineView) {
        let value = record.value
        index = value["chain"]?["index"]?.int.map { "\($0)" } ?? "?"
        time = Moment(iso8601: value["auditTimestamp"]?.text ?? "")
        what = Words.clean(
            [value["type"]?.text ?? value["eventType"]?.text ?? "?", value["guard"]?.text ?? ""]
                .filter { !$0.isEmpty }.joined(separator: " "))
        subject = Words.clean(value["bot"]?["name"]?.text ?? "–")
        who = Words.clean(value["decidedBy"]?.text ?? value["commit"]?["author"]?.text ?? "–")
        // A step says in its own members what it was.
        message = Words.clean(
            value["message"]?.text ?? StepRecord(value).map { StepLine($0).detail } ?? value["reason"]?.text ?? "")
        hash = Words.clean(String((value["chain"]?["hash"]?.text ?? "").prefix(12)))
        line = Words.line(record.line)
        rolloutLinks = value["rollout"]?.text.map { [Link.rollout($0)] } ?? []
    }
}
