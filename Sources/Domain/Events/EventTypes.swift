extension Event {
    /// Every type that can be sent, as `product/reporting.md` lists them; people's decisions are named by their verbs.
    package static let types: [String] = [
        "rollout.started", "rollout.succeeded", "rollout.failed-over", "rollout.failed", "rollout.timed-out",
        "rollout.degraded", "rollout.indeterminate", "rollout.blocked", "rollout.held", "rollout.waiting",
        "rollout.superseded", "commit.held", "commit.approved", "bot.contested", "bot.managed", "bot.unmanaged",
        "drift.detected", "drift.changed", "drift.resolved", "manifest.invalid", "manifest.fixed", "source.rewritten",
        "source.untrusted", "source.unreachable", "source.recovered", "platform.halted", "platform.held",
        "platform.released", "platform.unreachable", "platform.recovered", "audit.unpublished", "audit.broken",
        "audit.mended", "sink.disabled", "sink.enabled", "sink.dead-letter", "decision.approve", "decision.release",
        "decision.waive", "decision.suspend", "decision.resume", "decision.rollback", "decision.enable",
        "decision.redeliver",
    ]

    /// What stands before the dot, each with a glob for the rest.
    package static let families: [String] = Set(types.compactMap { $0.split(separator: ".").first.map { "\($0).*" } })
        .sorted()
}
