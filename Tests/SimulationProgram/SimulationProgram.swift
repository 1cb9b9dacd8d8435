import ArgumentParser
import Domain
import Foundation
import Simulation

/// Runs the production code through worlds that misbehave, each drawn from a seed.
@main struct SimulationProgram: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulation",
        abstract: "Runs the production code through worlds that misbehave, each drawn from a seed.")

    @Option(help: "How many seeds.") var seeds = 2000
    @Option(help: "The first seed.") var from: UInt64 = 1
    @Option(help: "This seed alone.") var seed: UInt64?
    @Option(help: "Hours of trouble in each world; drawn where it is not given.") var hours: Double?
    @Flag(help: "Prints everything that happened.") var story = false

    func run() async throws {
        defer { Runner.clean() }
        if let seed { return try await runOne(seed) }
        let begun = ContinuousClock.now
        var tally = Tally()
        let range = from..<(from + UInt64(max(0, seeds)))
        let hours = hours
        await withTaskGroup(of: Tally.self) { group in
            for worker in 0..<UInt64(Self.workers) {
                group.addTask {
                    var own = Tally()
                    for seed in stride(from: range.lowerBound + worker, to: range.upperBound, by: Self.workers) {
                        let report = await Runner.run(seed: seed, hours: hours)
                        own.add(report)
                        if let violation = report.violation { print("seed \(seed): \(violation)") }
                    }
                    return own
                }
            }
            for await part in group { tally.add(part) }
        }
        print(tally.summary(took: ContinuousClock.now - begun))
        if !tally.failed.isEmpty { throw ExitCode.failure }
    }

    static let workers = 2

    private func runOne(_ seed: UInt64) async throws {
        let report = await Runner.run(seed: seed, hours: hours, isTold: story)
        for line in report.story { print(line) }
        print("seed \(seed): \(report.steps) steps, trace \(String(report.hash, radix: 16))")
        guard let violation = report.violation else { return }
        print("\(violation)")
        throw ExitCode.failure
    }
}
