import Foundation
import Git

/// `swift run -c release benchmarks NAME [ARGUMENT ...]`: prints figures beside what they are held against, and ends with 1
/// where a claim does not hold.
@main
struct Benchmarks {
    static let usage = """
        benchmarks                     revert, fleet (50 and 200 slots) and unchanged, one after the other
        benchmarks revert [TIMES]
        benchmarks fleet [BOTS] [SLOTS] [REQUESTS A MINUTE] [REQUESTS AT ONCE]
        benchmarks unchanged [BOTS]
        benchmarks push [BOTS] [TIMES]
        benchmarks hooks [SECONDS]
        benchmarks idle [BOTS] [MINUTES] [PASSES]
        benchmarks outbox [EVENTS]
        benchmarks notes [RECORDS] [COMMITS]
        benchmarks verify [RECORDS]
        benchmarks simulate [BOTS]

        """

    static func main() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        // `passes` runs the daemon's loop in this binary, whose git workers are this binary too.
        if arguments.first == GitWorker.argument { GitWorker.main() }
        let numbers = arguments.dropFirst().map { Int($0) }
        func number(_ position: Int, _ otherwise: Int) -> Int {
            position < numbers.count ? numbers[position] ?? otherwise : otherwise
        }
        let claims = Claims()
        do { try await run(arguments, number, claims) } catch {
            say("failed: \(error)")
            exit(1)
        }
        if !claims.hold { exit(1) }
    }

    private static func run(
        _ arguments: [String], _ number: (Int, Int) -> Int, _ claims: Claims
    ) async throws {
        switch arguments.first {
        case "revert": try await revert(times: number(0, 5), claims)
        case "fleet":
            let usual = Stage.Limits()
            let limits = Stage.Limits(
                requests: number(2, usual.requests), concurrentRequests: number(3, usual.concurrentRequests),
                rollouts: number(1, usual.rollouts))
            try await fleet(number(0, 1000), limits, claims)
        case "unchanged": try await unchanged(number(0, 10_000), claims)
        case "push": try await push(number(0, 10_000), times: number(1, 20), claims)
        case "hooks": try await hooks(seconds: number(0, 10), claims)
        case "idle":
            try await idle(number(0, 10_000), minutes: number(1, 6), passes: number(2, 10_000), claims)
        case "passes" where arguments.count > 2: try await passes(configuration: arguments[1], number(1, 1000))
        case "outbox": try await outbox(number(0, 10_000), claims)
        case "notes": try await notes(records: number(0, 1000), commits: number(1, 200), claims)
        case "verify": try await verify(number(0, 100_000), claims)
        case "hurried" where arguments.count > 2:
            try await hurried(configuration: arguments[1], epoch: number(1, 0))
        case "simulate": try await simulate(bots: number(0, 10))
        case nil:
            try await revert(times: 5, claims)
            try await fleet(1000, Stage.Limits(rollouts: 50), claims)
            try await fleet(1000, Stage.Limits(rollouts: 200), claims)
            try await unchanged(10_000, claims)
        default:
            FileHandle.standardError.write(Data(usage.utf8))
            exit(64)
        }
    }
}
