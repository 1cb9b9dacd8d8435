import Domain

/// From the commit to the outcome, phase by phase, with what happened in each.
struct Timeline: Sendable {
    struct Step: Sendable {
        var time: Moment
        var title: String
        var detail: String
        var tone: String
        var duration: String
        var lines: [StepLine]
        var hasLines: Bool
        /// It runs now.
        var isCurrent: Bool
    }

    var steps: [Step]

    init(_ rollout: Rollout, records: [StepRecord]) {
        let provenance = rollout.provenance
        let commit = Step(
            Moment(provenance.committedAt), "Commit \(Words.short(provenance.commit.hex))",
            "\(Words.firstLine(provenance.message)) — \(Words.clean(provenance.author))", .calm)
        var walked: [Step] = []
        var rest = records[...]
        for (position, mark) in rollout.marks.enumerated() {
            let next = rollout.marks.dropFirst(position + 1).first
            let own =
                next.map { next in
                    rest.prefix { $0.at < next.at || ($0.at == next.at && $0.belongs(to: mark.phase)) }
                } ?? rest
            rest = rest.dropFirst(own.count)
            walked.append(Self.step(rollout, mark, Array(own), isLast: next == nil))
        }
        if let open = rollout.marks.isEmpty ? Self.planned(rollout, records) : nil { walked.append(open) }
        steps = [commit] + walked
    }

    private static func planned(_ rollout: Rollout, _ records: [StepRecord]) -> Step {
        var step = Step(Moment(rollout.startedAt), "Planned", "\(rollout.cause.rawValue) drift", .move)
        step.add(records)
        step.isCurrent = true
        return step
    }

    private static func step(
        _ rollout: Rollout, _ mark: Event.RolloutReference.Phase, _ own: [StepRecord], isLast: Bool
    ) -> Step {
        let isEnd = mark.phase == Rollout.Phase.ended.rawValue
        let face = isEnd ? Face(rollout) : Face(Face.phase(mark.phase), isLast ? .move : .good)
        var step = Step(Moment(mark.at), face.word, "", Face.Tone(rawValue: face.tone) ?? .calm)
        if isEnd {
            step.detail = Words.clean(rollout.message)
        } else if mark.phase == Rollout.Phase.planned.rawValue {
            let from = rollout.from.map { Words.clean($0) } ?? "nothing"
            step.detail = "\(rollout.direction.rawValue), \(from) → \(Words.clean(rollout.to))"
        }
        step.duration = mark.duration.map { $0.shown } ?? ""
        // The end repeats what its own step says already.
        step.add(own.filter { $0.step != "end" })
        step.isCurrent = isLast && !isEnd
        return step
    }
}

extension Timeline.Step {
    init(_ time: Moment, _ title: String, _ detail: String, _ tone: Face.Tone) {
        self.time = time
        self.title = title
        self.detail = detail
        self.tone = tone.rawValue
        duration = ""
        lines = []
        hasLines = false
        isCurrent = false
    }

    mutating func add(_ records: [StepRecord]) {
        var alike: [StepRecord] = []
        for record in records {
            if let last = alike.last, !last.isLike(record) {
                lines.append(Self.line(alike))
                alike = []
            }
            alike.append(record)
        }
        if !alike.isEmpty { lines.append(Self.line(alike)) }
        hasLines = !lines.isEmpty
    }

    private static func line(_ alike: [StepRecord]) -> StepLine {
        let first = alike[0]
        let last = alike[alike.count - 1]
        if first.verdict?.verdict == .pass {
            return StepLine(passed: alike.compactMap { $0.verdict?.name }, first: first, last: last)
        }
        return alike.count == 1 ? StepLine(first) : StepLine(waited: alike, first: first, last: last)
    }
}

extension StepRecord {
    /// Guards that pass, or one guard that goes on waiting.
    fileprivate func isLike(_ next: StepRecord) -> Bool {
        guard let own = verdict, let other = next.verdict, own.verdict == other.verdict else { return false }
        return own.verdict == .pass || own.name == other.name
    }
}
