import ArgumentParser
import Domain
import Foundation
import Simulation

/// Runs the production code through worlds that misbehave, each drawn from a seed.
@main struct SimulationProgram: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulation",
        abstract: "Runs the production code through worlds that misbehave, each drawn from a seed.",
        discussion: """
            Every invariant is watched from outside after every step. A seed that fails is replayed exactly by --seed, made
            small, and told as a story. One seed in a hundred runs twice, and both runs must be the same.
            """)

    @Option(help: "How many seeds.") var seeds = 2000
    @Option(help: "The first seed.") var from: UInt64 = 1
    @Option(help: "This seed alone.") var seed: UInt64?
    @Option(help: "Hours of trouble in each world; drawn where it is not given.") var hours: Double?
    @Flag(help: "Plays the platform matrix in the place of seeds: 11 answers, 8 questions, 3 phases.") var matrix =
        false
    @Option(help: "Watches this invariant alone (1 to 18), or these, where it is given again.") var invariant: [Int] =
        []
    @Flag(help: "Prints everything that happened to the one seed.") var story = false
    @Flag(inversion: .prefixedNo, help: "Makes a failure small before it is told.") var shrink = true

    /// Stories that one run tells; further seeds are only named.
    static let maxStories = 3
    static let workers = 2
    /// One of so many seeds is run twice.
    static let twiceEvery: UInt64 = 100

    func validate() throws {
        for number in invariant where !Checkers.all().contains(where: { $0.invariant == number }) {
            throw ValidationError("`--invariant \(number)`: there are 1 to 18.")
        }
    }

    private var watched: Set<Int> { Set(invariant) }

    func run() async throws {
        defer { Runner.clean() }
        if matrix { return try await playMatrix() }
        if let seed { return try await runOne(seed) }
        let begun = ContinuousClock.now
        let tally = await runAll()
        print(tally.summary(took: ContinuousClock.now - begun))
        if tally.failed.isEmpty { return }
        let failed = tally.failed.keys.sorted()
        print("failed at commit \(Self.commit()): \(failed.map(String.init).joined(separator: " "))")
        for seed in failed { print("replay: \(replay(seed))") }
        for seed in failed.prefix(Self.maxStories) where shrink { await tell(seed) }
        throw ExitCode.failure
    }

    private func runAll() async -> Tally {
        let (first, end) = (from, from + UInt64(max(0, seeds)))
        let (hours, watched) = (hours, watched)
        return await withTaskGroup(of: Tally.self) { group in
            for worker in 0..<UInt64(Self.workers) {
                group.addTask {
                    var own = Tally()
                    for seed in stride(from: first + worker, to: end, by: Self.workers) {
                        own.add(await Self.run(seed, hours, watched))
                    }
                    return own
                }
            }
            var all = Tally()
            for await part in group { all.add(part) }
            return all
        }
    }

    private static func run(_ seed: UInt64, _ hours: Double?, _ watched: Set<Int>) async -> RunReport {
        var report = await Runner.run(seed: seed, hours: hours, watching: watched)
        if seed % twiceEvery == 0, report.violation == nil {
            let again = await Runner.run(seed: seed, hours: hours, watching: watched)
            if again.hash != report.hash { report.violation = Violation(0, "two runs of one seed differ", at: 0) }
        }
        if let violation = report.violation { say("seed \(seed): \(violation)") }
        return report
    }

    private func playMatrix() async throws {
        var failed = 0
        for cell in MatrixCell.all {
            let report = await Runner.run(cell.world, cell: cell, isTold: story, name: "cell")
            if report.violation == nil, report.playedCell { continue }
            failed += 1
            for line in report.story { print(line) }
            Self.say("\(cell): \(report.violation?.description ?? "did not come to pass")")
        }
        Self.say("\(MatrixCell.all.count) cells, \(failed) failed")
        if failed == 0 { return }
        Self.say("replay: \(Self.program) --matrix --story")
        throw ExitCode.failure
    }

    private func runOne(_ seed: UInt64) async throws {
        let report = await Runner.run(seed: seed, hours: hours, watching: watched, isTold: story)
        for line in report.story { print(line) }
        print("seed \(seed): \(report.steps) steps, trace \(String(report.hash, radix: 16))")
        guard let violation = report.violation else { return }
        print("\(violation), at commit \(Self.commit())")
        print("replay: \(replay(seed))")
        if shrink { await tell(seed) }
        throw ExitCode.failure
    }

    private func tell(_ seed: UInt64) async {
        let world = WorldDraw.world(seed: seed, hours: hours)
        let report = await Runner.run(world, watching: watched)
        guard var shrinker = Shrinker(world, report, watching: watched) else { return }
        await shrinker.shrink()
        print("\n\(shrinker.runs) runs made it small:")
        for line in await shrinker.story() { print(line) }
    }

    static let program = "swift run -c release simulation"

    /// What brings a failure back: the hours belong to the world as its seed does.
    private func replay(_ seed: UInt64) -> String {
        let words = hours.map { ["--hours \($0)"] } ?? []
        return ([Self.program, "--seed \(seed)"] + words + invariant.map { "--invariant \($0)" }).joined(separator: " ")
    }

    /// At once, also into a file.
    private static func say(_ text: String) { FileHandle.standardOutput.write(Data((text + "\n").utf8)) }

    /// What is checked out, as far as git says.
    private static func commit() -> String {
        let git = Process()
        let output = Pipe()
        git.executableURL = URL(filePath: "/usr/bin/env")
        git.arguments = ["git", "describe", "--always", "--dirty"]
        git.standardOutput = output
        git.standardError = FileHandle.nullDevice
        guard (try? git.run()) != nil else { return "unknown" }
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        git.waitUntilExit()
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
