import Domain
import Testing

@Suite struct RolloutFailoverTests {
    @Test func invariant12_aFailedVerificationRollsOutTheFallbackInTheSameEnvironmentAndVerifiesIt() {
        var driver = Driver.failoverVerifying()
        #expect(driver.posts.map(\.targetVersion) == ["v7", "v5"])
        #expect(driver.posts.allSatisfy { $0.environment == "PRODUCTION" && $0.botId == "bot_1" })
        #expect(driver.posts.last?.idempotencyKey == "ballast-s1-r1-f-1")
        #expect(driver.posts.last?.direction == .rollback)
        driver.answer(.turn(.right))
        #expect(driver.rollout.outcome == .failedOver)
        #expect(driver.rollout.fallback == "v5")
        #expect(driver.rollout.jobIds == ["job_9", "job_10"])
        #expect(driver.effects.contains(.verified(version: "v5")))
        #expect(
            driver.rollout.message
                == "v7 failed its verification: intent was smalltalk, expected order_support; v5 serves again")
    }

    @Test func theBestFallbackThatIsNotTheFailedVersionIsTaken() {
        let driver = Driver.failingOver(
            world: .sample(fallbacks: [
                .init(version: "v7", isNamed: true), .init(version: "v6", isNamed: false),
                .init(version: "v5", isNamed: false),
            ]))
        #expect(driver.rollout.failover?.target == "v6")
    }

    @Test func withoutAFallbackItIsDegraded() {
        let driver = Driver.failingOver(world: .sample(fallbacks: []))
        #expect(driver.rollout.outcome == .degraded)
        #expect(driver.rollout.message.hasSuffix("there is no version to fall back to"))
    }

    @Test func quarantineComesBeforeTheFailover() {
        let driver = Driver.failingOver()
        #expect(driver.records.firstIndex(of: "quarantine") ?? .max < driver.records.firstIndex(of: "failover") ?? .min)
    }

    @Test func onlyVersionAndInFlightAreJudged() {
        var driver = Driver.failingOver()
        driver.world.admission = GuardVerdict(.halt, .wait, "halted")
        driver.world.window = GuardVerdict(.window, .wait, "closed")
        driver.world.cooldown = GuardVerdict(.cooldown, .wait, "not yet")
        driver.send(.worldChanged)
        driver.answerVersions()
        driver.answerJobs([.ours(.completed)])
        #expect(driver.posts.count == 2, "nor are sessions asked for")
    }

    @Test func theSlotOfTheVerificationServesTheFailover() {
        let driver = Driver.failoverPosting()
        #expect(driver.rollout.hasSlot)
        #expect(driver.log.count { $0 == .takeSlot } == 1)
        #expect(!driver.log.contains(.giveSlot))
    }

    @Test func aFallbackThatDoesNotExistIsDegraded() {
        var driver = Driver.failingOver()
        driver.answer(.versions([.sample("v7")], page: .only))
        #expect(driver.rollout.outcome == .degraded)
    }

    @Test func anUnknownVersionIsWaitedForAsLongAsItsOwnDrainClock() {
        var driver = Driver.failingOver()
        let begun = driver.clock
        driver.fail(.unclear)
        #expect(driver.effects.contains(.giveSlot))
        driver.wakeUntil(begun + 3_600_000) { $0.fail(.unclear) }
        #expect(driver.rollout.outcome == .degraded)
        #expect(driver.clock == begun + 600_000)
    }

    @Test func anothersJobIsWaitedForAsLongAsItsOwnDrainClock() {
        var driver = Driver.failoverJobs()
        let begun = driver.clock
        driver.answerJobs([.foreign(.running, at: 9_900), .ours(.completed)])
        driver.wakeUntil(begun + 3_600_000) { $0.answerJobs([.foreign(.running, at: 9_900), .ours(.completed)]) }
        #expect(driver.rollout.outcome == .degraded)
        #expect(driver.clock == begun + 600_000)
        #expect(driver.posts.count == 1)
    }

    @Test func itsClockIsItsOwn() {
        var driver = Driver.lookingAtSessions()
        driver.answer(.sessions(count: 2, page: .only))
        driver.pass(.minutes(9))
        driver.send(.timer)
        driver.answer(.sessions(count: 0, page: .only))
        driver.send(.slotGranted)
        driver.answerJobs()
        driver.answer(.sessions(count: 0, page: .only))
        driver.answer(.accepted(jobId: "job_9"))
        driver.wake()
        driver.answer(.status(.completed, errorMessage: nil))
        driver.answerJobs([.ours(.completed)])
        driver.answer(.turn(.wrong))
        #expect(driver.rollout.primary.drainLeft == .minutes(1))
        #expect(driver.rollout.failover?.drainLeft == .minutes(10))
    }

    @Test func sessionsInA409AreTriedAgainUntilDrainTimeoutThenDegraded() {
        var driver = Driver.failoverPosting()
        let begun = driver.clock
        while !driver.rollout.hasEnded, driver.clock < begun + 3_600_000 {
            switch driver.rollout.leg.asking {
            case .post: driver.fail(.conflict(.sessions))
            case .jobs: driver.answerJobs([.ours(.completed)])
            case .sessions: Issue.record("sessions are not asked for in a failover")
            default: driver.rollout.waitsForSlot ? driver.send(.slotGranted) : driver.wake()
            }
        }
        #expect(driver.rollout.outcome == .degraded)
        #expect(driver.clock == begun + 600_000)
        #expect(Set(driver.posts.map(\.idempotencyKey)).count == driver.posts.count)
        #expect(driver.quarantined == ["v7"])
    }

    @Test(arguments: [PlatformFailure.Kind.conflict(.dependencies), .invalid])
    func aFinalRefusalIsDegraded(_ kind: PlatformFailure.Kind) {
        var driver = Driver.failoverPosting()
        driver.fail(kind)
        #expect(driver.rollout.outcome == .degraded)
        #expect(driver.quarantined == ["v7", "v5"])
    }

    @Test func invariant12_aFailedFailoverIsDegradedAndNotFailedOverAgain() {
        var driver = Driver.failoverDeploying(
            world: .sample(fallbacks: [.init(version: "v5", isNamed: true), .init(version: "v6", isNamed: false)]))
        driver.wake()
        driver.answer(.status(.failed, errorMessage: "no space"))
        #expect(driver.rollout.outcome == .degraded)
        #expect(driver.posts.count == 2)
    }

    @Test func invariant12_aFallbackThatFailsItsVerificationIsDegraded() {
        var driver = Driver.failoverVerifying()
        driver.answer(.turn(.wrong))
        #expect(driver.rollout.outcome == .degraded)
        #expect(driver.posts.count == 2)
        #expect(driver.rollout.fallback == nil)
    }

    @Test func itsOwnTimeOut() {
        var driver = Driver.failoverDeploying()
        driver.wakeUntil(driver.clock + 7_200_000) { $0.answer(.status(.running, errorMessage: nil)) }
        #expect(driver.rollout.outcome == .timedOut)
    }

    @Test func itsOwnInconclusiveVerification() {
        var driver = Driver.failoverVerifying()
        driver.answer(.turn(.none))
        driver.wakeUntil(driver.clock + 7_200_000) { $0.answer(.turn(.none)) }
        #expect(driver.rollout.outcome == .indeterminate)
    }

    @Test func invariant3_itsLostPostIsLookedUpAndAdopted() {
        var driver = Driver.failoverPosting()
        driver.fail(.lost)
        driver.answerJobs([.fallback(.running), .ours(.completed)])
        #expect(driver.rollout.leg.jobId == "job_10")
        #expect(driver.posts.count == 2)
    }

    @Test func aFallbackThatServesAlreadyIsVerifiedWithoutAPost() {
        var driver = Driver.failoverJobs()
        driver.answerJobs([.foreign(.completed, "v5", at: 20_000), .ours(.completed)])
        driver.answer(.turn(.right))
        #expect(driver.rollout.outcome == .failedOver)
        #expect(driver.posts.count == 1)
    }

    @Test func aRateLimitIsWaitedForWithinItsClock() {
        var driver = Driver.failoverPosting()
        driver.fail(.rateLimited)
        #expect(driver.rollout.phase == .draining)
        #expect(driver.rollout.leg.drainingSince != nil)
        #expect(driver.wait == .seconds(1))
    }
}
