import Simulation
import Support
import Testing

/// A seed that fails somewhere must fail everywhere.
@Suite("Determinism") struct DeterminismTests {
    @Test(arguments: [11, 23, 42, 57] as [UInt64]) func theSameSeedIsTheSameRun(_ seed: UInt64) async {
        let one = await Runner.run(seed: seed)
        let other = await Runner.run(WorldDraw.world(seed: seed), name: "again")
        #expect(one.hash == other.hash)
        #expect(one.steps == other.steps)
        #expect(one.faults == other.faults)
    }

    @Test("the faults of a run, given as a list, are the same run") func listedFaults() async {
        for seed in [3, 8, 21] as [UInt64] {
            let drawn = await Runner.run(seed: seed)
            let listed = await Runner.run(WorldDraw.world(seed: seed), faults: drawn.faults, name: "listed")
            #expect(drawn.hash == listed.hash, "seed \(seed)")
        }
    }

    @Test("seeds differ") func different() async {
        #expect(await Runner.run(seed: 1).hash != Runner.run(seed: 2).hash)
    }
}
