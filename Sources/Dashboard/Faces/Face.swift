package import Domain

/// How a condition looks: a word, a tone and a shape, so that colour is never the only sign.
package struct Face: Hashable, Sendable {
    package enum Tone: String, Hashable, Sendable, CaseIterable {
        /// As it should be.
        case good
        /// Something is being done.
        case move
        /// Ends by itself.
        case wait
        /// Not as it should be, or not known.
        case warn
        /// Stopped until a person acts.
        case stop
        /// Went wrong.
        case fail
        /// Left alone, or without meaning.
        case calm
    }

    package var word: String
    /// The tone's name, a class of the style sheet and a shape of the sprite.
    package var tone: String

    init(_ word: String, _ tone: Tone) {
        self.word = word
        self.tone = tone.rawValue
    }
}

extension Face {
    package init(_ state: BotCondition.State) {
        switch state {
        case .inSync: self.init("In sync", .good)
        case .drifted: self.init("Drifted", .warn)
        case .progressing: self.init("Progressing", .move)
        case .waiting: self.init("Waiting", .wait)
        case .blocked: self.init("Blocked", .stop)
        case .held: self.init("Held", .stop)
        case .failedOver: self.init("Failed over", .fail)
        case .degraded: self.init("Degraded", .fail)
        case .indeterminate: self.init("Indeterminate", .fail)
        case .suspended: self.init("Suspended", .calm)
        case .unknown: self.init("Unknown", .warn)
        case .invalid: self.init("Invalid", .stop)
        case .unmanaged: self.init("Unmanaged", .calm)
        }
    }

    /// Of a rollout: how it ended, or where it stands.
    package init(_ rollout: Rollout) {
        guard let outcome = rollout.outcome else {
            let isStanding = rollout.guards.contains { !$0.passes }
            let isBeforePost = [.planned, .guarding, .draining].contains(rollout.phase)
            self.init(Self.phase(rollout.phase.rawValue), isStanding && isBeforePost ? .wait : .move)
            return
        }
        self.init(outcome)
    }

    init(_ outcome: Outcome) {
        switch outcome {
        case .succeeded: self.init("Succeeded", .good)
        case .failedOver: self.init("Failed over", .fail)
        case .degraded: self.init("Degraded", .fail)
        case .failed: self.init("Failed", .fail)
        case .indeterminate: self.init("Indeterminate", .fail)
        case .timedOut: self.init("Timed out", .fail)
        case .blocked: self.init("Blocked", .stop)
        case .superseded: self.init("Superseded", .calm)
        }
    }

    init(_ verdict: GuardVerdict) {
        if verdict.waived, verdict.verdict != .pass {
            self.init("Waived", .warn)
            return
        }
        switch verdict.verdict {
        case .pass: self.init("Pass", .good)
        case .wait: self.init("Wait", .wait)
        case .block: self.init("Block", .stop)
        case .unknown: self.init("Unknown", .warn)
        }
    }

    init(_ verdict: TurnResult.Verdict) {
        switch verdict {
        case .passed: self.init("Passed", .good)
        case .failed: self.init("Failed", .fail)
        case .inconclusive: self.init("Inconclusive", .warn)
        }
    }

    init(_ severity: Severity) {
        switch severity {
        case .info: self.init("Info", .calm)
        case .warning: self.init("Warning", .warn)
        case .error: self.init("Error", .fail)
        case .critical: self.init("Critical", .fail)
        }
    }

    init(_ status: DeliveryState.Status) {
        switch status {
        case .pending: self.init("Pending", .wait)
        case .delivered: self.init("Delivered", .good)
        case .dead: self.init("Dead letter", .fail)
        case .superseded: self.init("Superseded", .calm)
        }
    }

    static func phase(_ name: String) -> String {
        switch Rollout.Phase(rawValue: name) {
        case .planned: "Planned"
        case .guarding: "Judging the guards"
        case .draining: "Draining sessions"
        case .triggering: "Triggering"
        case .deploying: "Deploying"
        case .verifying: "Verifying"
        case .ended: "Ended"
        case nil: Words.clean(name)
        }
    }
}
