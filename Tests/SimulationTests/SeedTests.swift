import Domain
import Simulation
import Support
import Testing

/// A few seeds in the build that is tested everywhere; `simulation` runs them by the thousand.
@Suite("Simulated worlds") struct SeedTests {
    @Test(arguments: 0..<4) func invariantsHold(_ part: Int) async {
        for seed in stride(from: UInt64(part + 1), through: 40, by: 4) {
            let report = await Runner.run(seed: seed)
            #expect(report.violation == nil, "seed \(seed)")
        }
    }
}
