import Domain
import Support
import Testing

/// A fleet whose world misbehaves at random, from a seed: what must hold whatever happens.
@Suite("Random worlds")
struct ReplayTests {
    private static func storm(_ seed: UInt64) -> EngineStage {
        var stage = EngineStage.fleet(5, seed: seed) {
            $0.reconcile.maxConcurrentRollouts = 3
            $0.reconcile.haltFailures = 100
            $0.reconcile.rolloutTimeout = .minutes(10)
        }
        var random = SeededRandom(seed: seed)
        let versions = ["v1", "v2", "v3", "v4"]
        stage.platform.bots["b2"]?.bad = ["v3"]
        stage.platform.bots["b3"]?.failing = ["v2"]
        stage.platform.fault = { number, request in
            var dice = SeededRandom(seed: seed &* 7919 &+ UInt64(number))
            switch Int.random(in: 0..<100, using: &dice) {
            case 0..<4: return .failure(PlatformFailure(.lost, "reset"))
            case 4..<7: return .failure(PlatformFailure(.unclear, "502"))
            case 7..<9: return .failure(PlatformFailure(.notSent, "refused"))
            case 9..<11: return .failure(PlatformFailure(.rateLimited, "429", retryAfter: .seconds(3)))
            case 11..<14: return .lostAfter
            case 14..<18: return .delay(.seconds(Int64(number % 20)))
            default: return nil
            }
        }
        for _ in 1...25 {
            let bot = Int.random(in: 1...5, using: &random)
            let version = versions.randomElement(using: &random) ?? "v1"
            switch Int.random(in: 0..<12, using: &random) {
            case 0..<5:
                stage.branch.commit([
                    "a\(bot).yaml": [EngineStage.manifest("a\(bot)", bot: "b\(bot)", version: version)]
                ])
                stage.step(.passWanted)
            case 5: stage.platform.bots["b\(bot)"]?.sessions = Int.random(in: 0...2, using: &random)
            case 6: stage.restart()
            case 7: _ = stage.decide(.suspend(.named("a\(bot)"), for: .minutes(3)))
            case 8: _ = stage.decide(.release("a\(bot)"))
            case 9: stage.step(.passWanted)
            case 10: _ = stage.decide(.waive(bot: "a\(bot)", .sessions))
            default: stage.branch.commit(["a\(bot).yaml": nil])
            }
            stage.wait(.milliseconds(Int64.random(in: 1...90_000, using: &random)))
        }
        return stage
    }

    @Test("the same seed gives the same transactions", arguments: [3, 14, 159] as [UInt64])
    func same(_ seed: UInt64) {
        let (one, other) = (ReplayTests.storm(seed), ReplayTests.storm(seed))
        #expect(one.records == other.records)
        #expect(one.events == other.events)
        #expect(one.platform.requests == other.platform.requests)
        #expect(one.now == other.now)
    }

    @Test("invariants 2, 4, 5, 8 and 13: whatever happens, and once the faults stop all bots converge")
    func storms() {
        for seed in 1...60 as ClosedRange<UInt64> {
            var stage = ReplayTests.storm(seed)
            #expect(stage.platform.overlaps == 0, "seed \(seed)")
            let named = Set(
                stage.branch.commits.values.flatMap { $0.files.values.joined() }.compactMap { content in
                    if case .manifest(let manifest) = content { manifest.spec.version } else { nil }
                })
            #expect(Set(stage.posted).isSubset(of: named.union(["v1"])), "seed \(seed)")
            stage.platform.fault = { _, _ in nil }
            for number in 1...5 {
                stage.platform.bots["b\(number)"]?.sessions = 0
                stage.platform.bots["b\(number)"]?.bad = []
                stage.platform.bots["b\(number)"]?.failing = []
            }
            stage.commit("v4", 5)
            for _ in 1...4 {
                stage.pass()
                stage.wait(.minutes(6))
            }
            for number in 1...5 {
                if stage.serving("b\(number)") != "v4" {
                    let bot = stage.bot("a\(number)")
                    Issue.record("seed \(seed): a\(number) is \(String(describing: bot?.condition))")
                }
            }
            var ends: [String: Int] = [:]
            for record in stage.records where record.fields["type"] == .string("rollout.end") {
                ends[record.rolloutId ?? "", default: 0] += 1
            }
            #expect(ends.values.allSatisfy { $0 == 1 }, "seed \(seed)")
            var rollouts: Set<String> = []
            for case .rollout(let rollout) in stage.transactions.flatMap(\.changes) { rollouts.insert(rollout.id) }
            #expect(rollouts.count == ends.count, "seed \(seed)")
            #expect(stage.engine.machines.isEmpty, "seed \(seed)")
        }
    }
}
