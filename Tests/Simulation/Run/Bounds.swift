package import Domain

/// How long things may take at most once nothing goes wrong, computed from what is configured.
package enum Bounds {
    /// When people clean up after the faults, where the world has such people.
    static let repairs = [Span.seconds(90), .seconds(180), .seconds(400), .seconds(1_300)]
    static let repair = Span.seconds(430)
    /// Between two looks whether all is at rest.
    static let pause = Span.seconds(47)

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

    /// In which a whole pass sees all that there is to see.
    package static func news(_ world: World) -> Span {
        .milliseconds(world.intervals.pass.milliseconds * 6 / 5 + world.intervals.look.milliseconds + 30_000)
    }

    /// In which another whole pass finds nothing new.
    package static func rest(_ world: World) -> Span {
        .milliseconds(news(world).milliseconds + world.intervals.pass.milliseconds * 6 / 5)
    }
}
