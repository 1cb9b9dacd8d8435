import Domain
import Testing

@Suite struct RolloutVerifyingTests {
    static func verifying(_ tests: [VerifyCase]) -> Driver { .verifying(.sample(.sample(verify: tests))) }

    @Test func aPassedCaseSucceedsAndIsRememberedAsVerified() {
        var driver = Driver.verifying()
        #expect(
            driver.asked == .test(botId: "bot_1", environment: "PRODUCTION", message: "I need help with my order"))
        driver.answer(.turn(.right))
        #expect(driver.rollout.outcome == .succeeded)
        #expect(driver.effects.contains(.verified(version: "v7")))
        #expect(driver.effects.contains(.giveSlot))
    }

    @Test(arguments: [
        (TurnAnswer(intent: "smalltalk", confidence: 0.9, entities: [:], versionId: "v7"), "intent was smalltalk"),
        (TurnAnswer(intent: "order_support", confidence: 0.79, entities: [:], versionId: "v7"), "confidence was 0.79"),
        (TurnAnswer(intent: "order_support", confidence: .nan, entities: [:], versionId: "v7"), "confidence was nan"),
    ])
    func invariant11_aWrongAnswerFailsTheCase(_ answer: TurnAnswer, _ words: String) {
        var driver = Driver.verifying(world: .sample(fallbacks: []))
        driver.answer(.turn(answer))
        #expect(driver.rollout.outcome == .degraded)
        #expect(driver.rollout.message.contains(words))
        #expect(driver.quarantined == ["v7"])
        #expect(!driver.log.contains(.verified(version: "v7")))
    }

    @Test func invariant11_aSlowAnswerFailsTheCase() {
        var driver = Driver.verifying(world: .sample(fallbacks: []))
        driver.answer(.turn(.right), latency: 2000.5)
        #expect(driver.rollout.outcome == .degraded)
        driver = Driver.verifying()
        driver.answer(.turn(.right), latency: 2000)
        #expect(driver.rollout.outcome == .succeeded)
    }

    @Test(arguments: [(0.5, true), (0.6, false)]) func entityAccuracyIsMatchedOverExpected(
        _ least: Double, _ passes: Bool
    ) {
        var test = VerifyCase.sample
        test.entities = ["product": "order", "colour": "red"]
        test.minEntityAccuracy = least
        var driver = Driver.verifying(.sample(.sample(verify: [test])), world: .sample(fallbacks: []))
        driver.answer(
            .turn(
                TurnAnswer(
                    intent: "order_support", confidence: 0.9, entities: ["product": "order", "colour": "blue"],
                    versionId: "v7")))
        #expect(driver.rollout.outcome == (passes ? .succeeded : .degraded))
        #expect(driver.rollout.turns.last?.entityAccuracy == 0.5)
    }

    @Test func aCasePassesAsSoonAsEnoughAttemptsPassed() {
        var driver = Self.verifying([.sample(attempts: 3, require: 2)])
        driver.answer(.turn(.right))
        #expect(driver.rollout.phase == .verifying)
        driver.answer(.turn(.right))
        #expect(driver.rollout.outcome == .succeeded)
        #expect(driver.rollout.turns.map(\.attempt) == [1, 2])
    }

    @Test func aCaseFailsAsSoonAsItCannotPassAnyMore() {
        var driver = Self.verifying([.sample(attempts: 3, require: 2)])
        driver.answer(.turn(.wrong))
        #expect(driver.rollout.phase == .verifying)
        driver.answer(.turn(.wrong))
        #expect(driver.quarantined == ["v7"])
        #expect(driver.rollout.isFailover)
    }

    @Test func oneWrongAttemptOfThreeMayBe() {
        var driver = Self.verifying([.sample(attempts: 3, require: 2)])
        for answer in [TurnAnswer.right, .wrong, .right] { driver.answer(.turn(answer)) }
        #expect(driver.rollout.outcome == .succeeded)
    }

    @Test func allCasesMustPassInOrder() {
        var second = VerifyCase.sample
        second.message = "Where is it?"
        var driver = Self.verifying([.sample, second])
        driver.answer(.turn(.right))
        #expect(driver.asked == .test(botId: "bot_1", environment: "PRODUCTION", message: "Where is it?"))
        #expect(driver.rollout.outcome == nil)
        driver.answer(.turn(.right))
        #expect(driver.rollout.outcome == .succeeded)
        #expect(driver.records.count { $0 == "verification" } == 2)
    }

    @Test(arguments: [
        PlatformFailure.Kind.unclear, .lost, .notSent, .rateLimited, .notFound, .invalid, .unsupported, .forbidden,
    ])
    func invariant11_aTestThatCouldNotBeMadeIsInconclusive(_ kind: PlatformFailure.Kind) {
        var driver = Driver.verifying()
        let begun = driver.clock
        driver.fail(kind)
        #expect(driver.rollout.turns.last?.verdict == .inconclusive)
        driver.wakeUntil(begun + 3_600_000) { $0.fail(kind) }
        #expect(driver.rollout.outcome == .indeterminate)
        #expect(driver.clock == begun + 300_000)
        #expect(driver.quarantined.isEmpty)
        #expect(!driver.log.contains(.verified(version: "v7")))
    }

    @Test(arguments: [
        TurnAnswer.none, TurnAnswer(intent: "smalltalk", confidence: 0.9, entities: [:], versionId: "v5"),
        TurnAnswer(intent: "order_support", confidence: 0.9, entities: [:], versionId: "v5"),
        TurnAnswer(intent: "order_support", confidence: nil, entities: [:], versionId: "v7"),
    ])
    func invariant11_whatProvesNothingIsAskedAgain(_ answer: TurnAnswer) {
        var driver = Driver.verifying()
        driver.answer(.turn(answer))
        #expect(driver.rollout.phase == .verifying)
        #expect(driver.wait == .milliseconds(250))
        driver.wake()
        driver.answer(.turn(.right))
        #expect(driver.rollout.outcome == .succeeded)
    }

    @Test func inconclusiveTurnsAreNoAttempts() {
        var driver = Self.verifying([.sample(attempts: 2, require: 2)])
        driver.answer(.turn(.right))
        for _ in 0..<5 {
            driver.answer(.turn(.none))
            driver.wake()
        }
        driver.answer(.turn(.right))
        #expect(driver.rollout.outcome == .succeeded)
    }

    @Test func anAnswerWithoutVersionCountsAndIsNotProven() {
        var driver = Driver.verifying()
        driver.answer(.turn(.right))
        #expect(driver.rollout.turns.last?.detail == "passed; version not proven")
        #expect(driver.record("verification")?["detail"]?.text == "passed; version not proven")
    }

    @Test func aRestartBeginsItsCaseAgain() {
        var driver = Self.verifying([.sample, .sample(attempts: 3, require: 2)])
        driver.answer(.turn(.right))
        driver.answer(.turn(.right))
        driver.send(.resume)
        #expect(driver.rollout.leg.caseIndex == 1)
        #expect(driver.rollout.leg.attemptsPassed == 0)
        driver.answer(.turn(.right))
        #expect(driver.rollout.outcome == nil)
        driver.answer(.turn(.right))
        #expect(driver.rollout.outcome == .succeeded)
    }

    @Test func invariant16_theSlotIsHeldForAtMostVerifyTimeout() {
        var driver = Self.verifying([.sample(attempts: 9, require: 9)])
        driver.pass(.minutes(5))
        driver.answer(.turn(.right))
        #expect(driver.effects.contains(.giveSlot))
        #expect(driver.rollout.phase == .verifying)
        for _ in 0..<8 { driver.answer(.turn(.right)) }
        #expect(driver.rollout.outcome == .succeeded)
        #expect(driver.log.count { $0 == .giveSlot } == 1)
    }

    @Test func holdStaysOnTheFailedVersion() {
        var driver = Driver.verifying(.sample(.sample(onFailure: .hold)))
        driver.answer(.turn(.wrong))
        #expect(driver.rollout.outcome == .failed)
        #expect(driver.quarantined == ["v7"])
        #expect(driver.posts.count == 1)
    }

    @Test func turnsAreBounded() {
        var settings = RolloutSettings.sample(verify: [.sample(attempts: 9, require: 1)])
        settings.verifyTimeout = .hours(24)
        var driver = Driver.verifying(.sample(settings))
        for _ in 0..<400 {
            driver.answer(.turn(.none))
            driver.wake()
        }
        #expect(driver.rollout.turns.count == 200)
    }
}
