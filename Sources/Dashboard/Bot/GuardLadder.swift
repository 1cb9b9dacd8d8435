import Domain

/// All guards in their order: what each one said, and which were not reached.
struct GuardLadder: Sendable {
    struct Rung: Sendable {
        var name: String
        var face: Face
        var detail: String
        var isReached: Bool
        var until: [Moment]
    }

    var rungs: [Rung]

    /// - Parameter condition: of the bot, where an admission guard stopped it before any rollout began; nil: it is no part
    ///   of it.
    init(_ verdicts: [GuardVerdict], condition: BotCondition? = nil) {
        let stopping = condition?.guard
        rungs = Guard.allCases.map { one in
            if let verdict = verdicts.first(where: { $0.guard == one }) { return Rung(verdict) }
            if one == stopping, let condition { return Rung(one, Face(condition.state), condition.message) }
            return Rung(
                name: one.rawValue, face: Face("Not reached", .calm), detail: "", isReached: false, until: [])
        }
    }
}

extension GuardLadder.Rung {
    init(_ verdict: GuardVerdict) {
        // "passes" says no more than the face beside it.
        self.init(verdict.guard, Face(verdict), verdict.detail == "passes" ? "" : verdict.detail)
        until = verdict.until.map { [Moment($0)] } ?? []
    }

    init(_ one: Guard, _ face: Face, _ detail: String) {
        name = one.rawValue
        self.face = face
        self.detail = Words.clean(detail)
        isReached = true
        until = []
    }
}
