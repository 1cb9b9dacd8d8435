import Domain

/// The records of one bot as a person reads them: a chapter for each rollout - why and on whose commit, what was seen, what was
/// sent, how it ended - and one for each thing that happened beside them, in their order.
struct AuditStory {
    private enum Chapter {
        case rollout(id: String)
        case event(JSONValue)
    }

    private var chapters: [Chapter] = []
    private var steps: [String: [JSONValue]] = [:]

    init(_ records: [JSONValue]) {
        for record in records {
            guard record["step"]?.text != nil, let id = record["rollout"]?.text else {
                chapters.append(.event(record))
                continue
            }
            if steps[id] == nil { chapters.append(.rollout(id: id)) }
            steps[id, default: []].append(record)
        }
    }

    func text(colors: Bool) -> String {
        chapters.map { chapter in
            switch chapter {
            case .rollout(let id): RolloutChapter(id: id, records: steps[id] ?? []).text(colors: colors)
            case .event(let record): Self.text(record, colors)
            }
        }.joined(separator: "\n")
    }

    private static func text(_ record: JSONValue, _ colors: Bool) -> String {
        let type = UntrustedText.cleaned(record["type"]?.text ?? "a record")
        let message = UntrustedText.cleaned(record["message"]?.text ?? "")
        let title = Paint.bold.on(type, colors) + (message.isEmpty ? "" : ": \(message)")
        var table = Table(header: [], indent: "  ")
        let drift = record["drift"]
        var pairs: [(String, String?)] = [
            ("who", record["decidedBy"]?.text), ("reason", record["reason"]?.text.map { "“\($0)”" }),
            ("changed by", drift?["changedBy"]?.text),
        ]
        if drift != nil || record["decidedBy"] != nil { pairs.append(("commit", StoryWords.commit(record))) }
        table.rows = pairs.compactMap { name, value in value.map { [Table.Cell(name, .dim), Table.Cell($0)] } }
        table.rows.append([.init("record", .dim), .init(StoryWords.indexes([record]), .dim)])
        return "\(StoryWords.time(record))  \(title)\n" + table.text(colors: colors)
    }
}

/// One rollout from its first record to its last.
private struct RolloutChapter {
    var id: String
    var records: [JSONValue]

    private var end: JSONValue? { records.last { $0["step"]?.text == "end" } }

    func text(colors: Bool) -> String {
        guard let first = records.first else { return "" }
        var table = Table(header: [], indent: "  ")
        var pairs: [(String, String?)] = [("why", why(first)), ("rollout", id)]
        pairs += lines.map { line -> (String, String?) in (line.word, line.text) }
        table.rows = pairs.compactMap { word, text in text.map { [Table.Cell(word, .dim), Table.Cell($0)] } }
        table.rows.append([.init("records", .dim), .init(StoryWords.indexes(records), .dim)])
        return "\(StoryWords.time(first))  \(title(first, colors))\n" + table.text(colors: colors)
    }

    private func title(_ first: JSONValue, _ colors: Bool) -> String {
        let from = first["from"]?.text ?? first["deployed"]?.text ?? "nothing"
        let to = first["to"]?.text ?? first["desired"]?.text ?? "?"
        let direction = first["direction"]?.text ?? end?["direction"]?.text ?? "rollout"
        let change = Paint.bold.on("\(direction) \(UntrustedText.cleaned("\(from) → \(to)"))", colors)
        guard let end else { return "\(change), \(Paint.yellow.on("open", colors))" }
        let outcome = end["outcome"]?.text ?? "ended"
        let paint: Paint =
            switch Outcome(rawValue: outcome) {
            case .succeeded: .green
            case .failed, .degraded, .timedOut, .indeterminate: .red
            default: .yellow
            }
        let took = StoryWords.between(first, end).map { " after \($0)" } ?? ""
        return "\(change), \(paint.on(UntrustedText.cleaned(outcome), colors))\(took)"
    }

    private func why(_ first: JSONValue) -> String? {
        let cause: String? =
            switch first["cause"]?.text {
            case "manifest": "git asks for it"
            case "platform": "somebody changed the platform"
            case "rollout": "an earlier rollout did not reach it"
            case let other: other
            }
        return [StoryWords.commit(first), cause].compactMap(\.self).joined(separator: "; ")
    }

    private struct Line {
        var word: String
        var text: String
    }

    /// Guards that passed one after the other are one line, and so is one that was looked at again and again.
    private var lines: [Line] {
        var lines: [Line] = []
        var passed: [JSONValue] = []
        var waits: [JSONValue] = []
        func settle() {
            if !passed.isEmpty { lines.append(Line(word: "seen", text: StoryWords.passed(passed))) }
            if let first = waits.first, let last = waits.last {
                let again = waits.count > 1 ? " → \(last["detail"]?.text ?? "") (\(waits.count) looks)" : ""
                lines.append(Line(word: "seen", text: StoryWords.verdict(first) + again))
            }
            passed = []
            waits = []
        }
        for record in records {
            if record["step"]?.text == "guard" {
                let passes = record["verdict"]?.text == "pass" && record["waived"] != .bool(true)
                let isAgain = waits.last.map { $0["guard"] == record["guard"] && $0["verdict"] == record["verdict"] }
                if passes ? !waits.isEmpty : !passed.isEmpty || isAgain == false { settle() }
                if passes { passed.append(record) } else { waits.append(record) }
                continue
            }
            settle()
            if let line = Self.line(record) { lines.append(line) }
        }
        settle()
        return lines
    }

    private static func line(_ record: JSONValue) -> Line? {
        func text(_ name: String) -> String { record[name]?.text ?? "" }
        func list(_ parts: String...) -> String { parts.filter { !$0.isEmpty }.joined(separator: ", ") }
        switch record["step"]?.text ?? "" {
        case "start": return nil
        case "intent":
            let what = record["failover"] == .bool(true) ? "failover to" : "deploy"
            return Line(
                word: "sent",
                text: list("\(what) \(text("targetVersion"))", text("environment"), "key \(text("idempotencyKey"))"))
        case "answer":
            let status = record["httpStatus"]?.int.map { "\($0)" } ?? (text("jobId").isEmpty ? "no answer" : "accepted")
            let job = text("failure").isEmpty ? text("jobId") : text("failure")
            return Line(word: "answer", text: list(status, job, StoryWords.milliseconds(record["latencyMs"])))
        case "job":
            return Line(word: "job", text: list("\(text("jobId")) \(text("state").lowercased())", text("errorMessage")))
        case "read-back": return Line(word: "serves", text: list(text("serves"), text("by")))
        case "verification":
            let confidence = record["confidence"].flatMap(StoryWords.number).map { "confidence \($0)" } ?? ""
            return Line(
                word: "asked",
                text: "“\(text("testMessage"))”: "
                    + list(
                        text("verdict"), text("detectedIntent"), confidence,
                        text("detail") == text("verdict") ? "" : text("detail"),
                        StoryWords.milliseconds(record["latencyMs"])))
        case "quarantine": return Line(word: "then", text: "\(text("version")) is quarantined: \(text("reason"))")
        case "failover": return Line(word: "then", text: "fails over to \(text("to")): \(text("reason"))")
        case "end": return Line(word: "end", text: list(text("outcome"), text("message")))
        case let step:
            let names = ["reason", "by", "found", "jobId", "serves", "from", "now", "message"]
            let rest = names.compactMap { name in record[name]?.text.map { "\(name) \($0)" } }
            return Line(word: "then", text: ([step] + rest).joined(separator: ", "))
        }
    }
}

/// Parts of records in words.
enum StoryWords {
    static func time(_ record: JSONValue) -> String {
        (record["auditTimestamp"]?.text).map { TimeText.of(iso: $0) } ?? "?"
    }

    static func between(_ first: JSONValue, _ last: JSONValue) -> String? {
        guard let start = first["auditTimestamp"]?.text, let end = last["auditTimestamp"]?.text else { return nil }
        return TimeText.between(start, end)
    }

    static func indexes(_ records: [JSONValue]) -> String {
        let indexes = records.compactMap { $0["chain"]?["index"]?.int }
        guard let first = indexes.first, let last = indexes.last else { return "?" }
        return first == last ? "\(first)" : "\(first) to \(last)"
    }

    /// `4b5cc720 “Roll back orders” by Carol, reverts 3b89d9a4`
    static func commit(_ record: JSONValue) -> String? {
        guard let commit = record["commit"], let sha = commit["sha"]?.text else { return nil }
        let subject = commit["message"]?.text.map { " “\($0)”" } ?? ""
        let author = commit["author"]?.text.map { " by \($0)" } ?? ""
        let reverts = commit["reverts"]?.text.map { ", reverts \($0.shortCommit)" } ?? ""
        let signature = commit["signature"]?.text.map { ", \($0)" } ?? ""
        return sha.shortCommit + subject + author + reverts + signature
    }

    static func passed(_ guards: [JSONValue]) -> String {
        let names = guards.map { one in
            let detail = one["detail"]?.text ?? ""
            let name = one["guard"]?.text ?? "?"
            return detail.isEmpty || detail == "passes" ? name : "\(name) (\(detail))"
        }
        return "\(names.count == 1 ? "guard passes" : "\(names.count) guards pass"): " + names.joined(separator: ", ")
    }

    static func verdict(_ one: JSONValue) -> String {
        let word =
            switch one["verdict"]?.text {
            case "wait": "waits"
            case "block": "blocks"
            case "pass": "passes"
            case let other: other ?? "?"
            }
        let waived = one["waived"] == .bool(true) ? ", waived" : ""
        return "guard \(one["guard"]?.text ?? "?") \(word)\(waived): \(one["detail"]?.text ?? "")"
    }

    static func milliseconds(_ value: JSONValue?) -> String {
        switch value {
        case .number(let number): "\(Int(number.rounded()))ms"
        case .integer(let number): "\(number)ms"
        default: ""
        }
    }

    static func number(_ value: JSONValue) -> String? {
        switch value {
        case .number(let number): "\(number)"
        case .integer(let number): "\(number)"
        default: nil
        }
    }
}
