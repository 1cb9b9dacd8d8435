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

    /// Seed 2214. 00:00:00 the first append to the audit log finds the disk full, and only that one. Nothing tried again
    /// before the next record came; with `audit.required` no rollout started, so that none ever came (invariants 13 and 18).
    @Test("an audit log that could not be written once is tried again", arguments: [false, true])
    func logIsTriedAgain(_ isRequired: Bool) async {
        var world = MatrixCell.all[0].world
        world.bots[0].servesFirst = "v2"
        world.configuration.audit.required = isRequired
        world.happenings.removeLast(2)
        let faults = [1, 2, 3].map { (FaultPlan.Site(.append, $0), Fault(.logUnwritable)) }
        let report = await Runner.run(world, faults: Dictionary(uniqueKeysWithValues: faults), name: "regression")
        #expect(report.violation == nil)
        #expect(report.outcomes[.succeeded] == 1)
    }
}
