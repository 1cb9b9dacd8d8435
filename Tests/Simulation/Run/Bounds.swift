package import Domain

/// How long things may take at most once nothing goes wrong, computed from what is configured.
package enum Bounds {
    /// From the end of the faults until every bot that no guard stops serves what it should.
    package static func convergence(_ world: World) -> Span {
        let reconcile = world.configuration.reconcile
        let slowest = world.bots.map(\.jobTime.milliseconds).max() ?? 0
        let bots = Int64(world.bots.count)
        let slots = Int64(max(1, reconcile.maxConcurrentRollouts))
        let timeout = world.configuration.platforms.map(\.timeout.milliseconds).max() ?? 0
        // A pause that a platform asked for, a restart, the repair, and two passes to hear of everything.
        var sum: Int64 = 600_000 + 60_000 + 460_000 + 3 * world.intervals.pass.milliseconds
        sum += 2 * world.intervals.look.milliseconds + 4 * timeout
        // A rollout that is under way may run into its limits and fail over, each leg with a verification.
        let leg = reconcile.rolloutTimeout.milliseconds + reconcile.verifyTimeout.milliseconds
        sum += 2 * leg
        // Then the bots one after the other, as slots allow, each once for what is left and once for what is wanted.
        sum += (bots + slots - 1) / slots * 2 * (slowest + 120_000)
        // Cooldowns of at most ten minutes.
        sum += 600_000
        return .milliseconds(sum)
    }

    /// In which a whole pass happens.
    package static func rest(_ world: World) -> Span {
        .milliseconds(world.intervals.pass.milliseconds * 2)
    }
}
