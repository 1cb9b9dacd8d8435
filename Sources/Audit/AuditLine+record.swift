package import Domain

extension AuditLine {
    /// As the journal had it before it was lost: what the columns beside the line say is read from the line.
    init(_ record: AuditRecord) {
        self.init(
            index: record.chain.index, line: String(decoding: record.line, as: UTF8.self), bot: record.bot,
            rolloutId: record.value["rollout"]?.text,
            notedOn: record.note == nil ? nil : record.value["commit"]?["sha"]?.text.map { CommitID($0) })
    }
}

extension AuditRecord {
    /// The bot that it is about; nil: none.
    package var bot: BotKey? {
        guard let platform = value["bot"]?["platform"]?.text, let id = value["botId"]?.text,
            let environment = value["bot"]?["environment"]?.text
        else { return nil }
        return BotKey(platform: platform, botId: id, environment: environment)
    }
}

extension TakenBack {
    /// What the records tell of rollouts; `nil` where there are none.
    package init?(_ lines: [AuditLine]) {
        guard let first = lines.first, let last = lines.last else { return nil }
        var open: [String: OpenRollout] = [:]
        var ended: [String: Outcome] = [:]
        for line in lines {
            guard let id = line.rolloutId, let record = AuditLineKind(Array(line.line.utf8)).record else { continue }
            if record.value["step"]?.text == "end" {
                open[id] = nil
                ended[id] = record.value["outcome"]?.text.flatMap(Outcome.init(rawValue:)) ?? .superseded
            } else if ended[id] == nil, let key = record.bot, let target = record.value["desired"]?.text,
                let commit = record.value["commit"]?["sha"]?.text
            {
                open[id] = OpenRollout(
                    id: id, name: record.value["bot"]?["name"]?.text ?? key.botId, key: key, target: target,
                    commit: CommitID(commit))
            }
        }
        self.init(
            first: first.index, last: last.index, open: open.values.sorted { $0.id < $1.id }, ended: ended)
    }
}
