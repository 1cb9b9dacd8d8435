import Domain
import Foundation
import Testing

/// SplitMix64: the same seed walks the same way everywhere.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }
}

/// What must hold after every step, whatever happens.
struct RolloutWatch {
    var ended = 0
    var slot = false
    var passedTurn = false
    var superseded = false

    mutating func check(_ driver: Driver, _ event: String) {
        let rollout = driver.rollout
        var posts = 0
        for effect in driver.effects {
            switch effect {
            case .ask(let step, .deploy(let request)):
                posts += 1
                #expect(rollout.leg.intent?.request == request, "a POST without its intent (\(event))")
                #expect(rollout.leg.asking == .post && rollout.step == step && rollout.phase == .triggering)
                #expect(!superseded, "a POST after a newer commit (\(event))")
                if !rollout.isFailover {
                    #expect(driver.world.admission == nil && driver.world.window.passes && driver.world.cooldown.passes)
                }
                #expect(slot, "a POST without a slot (\(event))")
            case .giveSlot:
                #expect(slot || event == "slot", "a slot given that was not held (\(event))")
                slot = false
            case .ended(let outcome, _):
                ended += 1
                #expect(rollout.outcome == outcome)
                if outcome == .succeeded || outcome == .failedOver {
                    #expect(passedTurn || rollout.settings.verify.isEmpty, "a success that nothing proved (\(event))")
                }
            default: break
            }
        }
        #expect(posts <= 1)
        #expect(ended <= 1 && (ended == 1) == rollout.hasEnded)
        if rollout.hasEnded { #expect(!slot && !rollout.hasSlot, "a slot kept after the end (\(event))") }
        #expect(rollout.hasSlot == slot, "the slot's account (\(event))")
        let awake = isAwake(driver)
        #expect(awake, "stuck in \(RolloutTable.place(rollout)) after \(event)")
    }

    /// Something is asked, a time is set, a slot is asked for, or a guard fails whose change the engine will tell.
    func isAwake(_ driver: Driver) -> Bool {
        let rollout = driver.rollout
        if rollout.phase == .planned || rollout.hasEnded { return true }
        if rollout.leg.asking != nil || rollout.wakeAt != nil || rollout.waitsForSlot { return true }
        let world = driver.world
        let fails = world.admission != nil || !world.window.passes || !world.cooldown.passes
        return rollout.phase == .guarding && rollout.leg.next == .judge && fails && !rollout.isFailover
    }

    static func roundTrips(_ rollout: Rollout) throws -> Bool {
        try JSONDecoder().decode(Rollout.self, from: JSONEncoder().encode(rollout)) == rollout
    }
}

/// Anything at any time, in no sensible order.
@Suite struct RolloutChaosTests {
    @Test(arguments: 0..<120) func invariants1to11_holdInAnyOrderOfEvents(_ seed: Int) throws {
        var random = SeededGenerator(state: UInt64(seed))
        var driver = Driver(
            .sample(.sample(verify: random.chance(80) ? [.sample(attempts: 2, require: 1)] : [])))
        driver.world.capabilities = PlatformCapabilities(jobs: random.chance(90), sessions: random.chance(90))
        var watch = RolloutWatch()
        for _ in 0..<120 {
            var event = "timer"
            if driver.rollout.leg.asking != nil, random.chance(70) {
                event = Self.likely(&driver, &watch, &random)
            } else if random.chance(50) {
                if driver.rollout.waitsForSlot {
                    event = "slot"
                    watch.slot = watch.slot || !driver.rollout.hasSlot
                    driver.send(.slotGranted)
                } else {
                    driver.world.pollsByFeed = random.chance(20)
                    driver.wake()
                }
            } else if let happening = RolloutTable.happenings.randomElement(using: &random) {
                event = happening.name
                if event == "newer commit" || event.contains("removed") || event.contains("suspended") {
                    guard random.chance(10) else { continue }
                }
                if event == "slot granted" {
                    guard driver.rollout.waitsForSlot else { continue }
                    watch.slot = true
                    event = "slot"
                }
                if event == "newer commit" { watch.superseded = true }
                if event == "answer: turn, right", driver.rollout.leg.asking == .turn { watch.passedTurn = true }
                happening.apply(&driver)
            }
            watch.check(driver, event)
            if driver.world.admission != nil, random.chance(30) {
                driver.world.admission = nil
                driver.send(.worldChanged)
                watch.check(driver, "released")
            }
            #expect(try RolloutWatch.roundTrips(driver.rollout))
        }
    }

    /// The answer that fits, so that the walk gets somewhere.
    static func likely(_ driver: inout Driver, _ watch: inout RolloutWatch, _ random: inout SeededGenerator) -> String {
        let old: [JobInfo] = driver.rollout.isFailover ? [.ours(.completed)] : []
        switch driver.rollout.leg.asking {
        case .versions: driver.answerVersions()
        case .jobs: driver.answerJobs(old)
        case .sessions: driver.answer(.sessions(count: random.chance(30) ? 1 : 0, page: .only))
        case .post: driver.answer(.accepted(jobId: driver.rollout.isFailover ? "job_10" : "job_9"))
        case .lookUp, .readBack:
            driver.answerJobs((driver.rollout.isFailover ? [.fallback(.completed)] : [.ours(.completed)]) + old)
        case .status: driver.answer(.status(.completed, errorMessage: nil))
        case .turn:
            let right = random.chance(50)
            if right { watch.passedTurn = true }
            driver.answer(.turn(right ? .right : .wrong))
        case nil: break
        }
        return "a fitting answer"
    }
}
