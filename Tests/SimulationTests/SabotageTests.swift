import Simulation
import Testing

/// A check that cannot fail is worth nothing: the shell is broken on purpose, and the simulation has to notice.
@Suite("Sabotage") struct SabotageTests {
    @Test(arguments: Sabotage.allCases) func isNoticed(_ sabotage: Sabotage) async {
        for seed in 1...60 as ClosedRange<UInt64> {
            let report = await Runner.run(WorldDraw.world(seed: seed), sabotage: sabotage, name: "sabotage-\(sabotage)")
            guard let violation = report.violation else { continue }
            #expect(sabotage.breaks.contains(violation.invariant), "\(violation)")
            return
        }
        Issue.record("60 seeds did not notice")
    }

    @Test("a failing world becomes a small one that fails in the same way") func shrinks() async {
        for seed in 1...20 as ClosedRange<UInt64> {
            let world = WorldDraw.world(seed: seed)
            let report = await Runner.run(world, sabotage: .sendsTwice)
            guard var shrinker = Shrinker(world, report, sabotage: .sendsTwice) else { continue }
            shrinker.budget = 80
            await shrinker.shrink()
            #expect(shrinker.world.happenings.count <= 2)
            #expect(shrinker.violation.invariant == report.violation?.invariant)
            let story = await shrinker.story()
            #expect(story.contains { $0.contains("***") })
            return
        }
        Issue.record("no seed failed")
    }
}
