import Domain
import Simulation
import Testing

/// Worlds in which something went wrong once, as the shrinker left them.
@Suite("Regressions") struct RegressionTests {
    /// 00:01:00 a commit wants v2, whose job hangs. 00:04:00 the rollout times out; its job is watched on.
    /// 00:05:00 a person releases the bot: `release` took our own old job for somebody else's and ended the wait for it, and
    /// a second deployment was sent beside it (invariant 2).
    @Test("a release does not end the wait for a job of ours") func releaseBesideOurOwnJob() async {
        var world = MatrixCell.all[0].world
        world.bots[0].versions[1].hangs = true
        world.configuration.reconcile.rolloutTimeout = .minutes(3)
        world.happenings.append(World.Timed(300_000, .decision(.release(bot: 0))))
        world.faultsEndAt = 600_000
        let report = await Runner.run(world, name: "regression")
        #expect(report.violation == nil)
        #expect(report.outcomes[.timedOut] == 1)
        #expect(report.deployments == 1)
    }
}
