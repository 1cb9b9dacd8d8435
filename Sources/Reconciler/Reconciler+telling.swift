package import Domain
import Logging

extension Reconciler {
    func tell(
        _ transactions: [Transaction], _ effects: [EngineEffect], _ told: @Sendable (RunProgress) -> Void
    ) {
        for effect in effects {
            switch effect {
            case .look: told(.looking)
            case .read: told(.reading)
            case .exchange, .deliver, .writeNotes, .pushNotes, .appendLog: break
            }
        }
        for entry in transactions.flatMap(\.events) {
            note(event: entry.event.id, of: entry.pass)
            log(entry.event)
            told(.event(entry.event))
        }
    }

    private func log(_ event: Event) {
        guard let logger else { return }
        let level: Logger.Level =
            switch event.severity {
            case .info: .info
            case .warning: .warning
            case .error, .critical: .error
            }
        var metadata: Logger.Metadata = ["type": "\(event.type)", "detail": "\(event.message)"]
        if let bot = event.bot { metadata["bot"] = "\(bot.name)" }
        if let rollout = event.rollout { metadata["rollout"] = "\(rollout.id)" }
        if let commit = event.commit { metadata["commit"] = "\(commit.sha.hex)" }
        logger.log(level: level, "event", metadata: metadata)
    }
}

/// What a person sees while a run lasts.
package enum RunProgress: Sendable {
    case looking
    case reading
    case event(Event)
    case measured(Measurement)
}
