import Domain
import Testing

@Suite struct RolloutDeployingTests {
    @Test func theJobIsPolledFrom250MillisecondsHalfAsMuchMoreAtMost15Seconds() {
        var driver = Driver.deploying()
        var waits: [Int64] = [driver.wait?.milliseconds ?? -1]
        for _ in 0..<13 {
            driver.wake()
            #expect(driver.asked == .status(jobId: "job_9"))
            driver.answer(.status(.running, errorMessage: nil))
            waits.append(driver.wait?.milliseconds ?? -1)
        }
        #expect(waits == [250, 375, 562, 843, 1264, 1896, 2844, 4266, 6399, 9598, 14397, 15000, 15000, 15000])
    }

    @Test func retryAfterIsObeyedForThePlatformButAtMostTenMinutes() {
        var driver = Driver.deploying()
        driver.wake()
        driver.fail(.rateLimited, retryAfter: .hours(2))
        #expect(driver.effects.contains(.platformPaused(.minutes(10))))
        #expect(driver.wait == .minutes(10))
    }

    @Test func withTheFeedPolledTheJobIsNotAskedFor() {
        var world = RolloutWorld.sample()
        world.pollsByFeed = true
        var driver = Driver.deploying(world: world)
        #expect(driver.wait == .seconds(15))
        driver.wake()
        #expect(driver.asked == nil)
        #expect(driver.wait == .seconds(15))
        driver.send(.feed([.ours(.running)], lookedAt: driver.now.tick))
        #expect(driver.asked == nil)
        driver.send(.feed([.ours(.completed)], lookedAt: driver.now.tick))
        #expect(driver.rollout.leg.asking == .readBack)
    }

    @Test func aJobThatTheFeedNeverMentionsIsAskedForByItself() {
        var world = RolloutWorld.sample()
        world.pollsByFeed = true
        var driver = Driver.deploying(world: world)
        for _ in 0..<4 { driver.wake() }
        #expect(driver.asked == .status(jobId: "job_9"))
    }

    @Test func theFeedMayEndAJobWhileItsStatusIsAsked() {
        var driver = Driver.deploying()
        driver.wake()
        let stale = driver.rollout.step
        driver.send(.feed([.ours(.completed)], lookedAt: driver.now.tick))
        let before = driver.rollout
        driver.send(
            .answer(
                step: stale, PlatformExchange(result: .success(.status(.failed, errorMessage: nil))),
                askedAt: driver.now.tick))
        #expect(driver.rollout == before)
    }

    @Test(arguments: [
        PlatformFailure.Kind.notFound, .unclear, .lost, .notSent, .unauthorized, .forbidden, .invalid, .unsupported,
    ])
    func aStatusThatCannotBeReadIsPolledOnUntilRolloutTimeout(_ kind: PlatformFailure.Kind) {
        var driver = Driver.deploying()
        let begun = driver.clock
        driver.wakeUntil(begun + 7_200_000) { $0.fail(kind) }
        #expect(driver.rollout.outcome == .timedOut)
        #expect(driver.clock == begun + 1_800_000)
        #expect(driver.quarantined.isEmpty)
        #expect(driver.posts.count == 1)
    }

    @Test func aJobThatDoesNotEndIsTimedOutAndNothingElseStarts() {
        var driver = Driver.deploying()
        let begun = driver.clock
        driver.wakeUntil(begun + 7_200_000) { $0.answer(.status(.running, errorMessage: nil)) }
        #expect(driver.rollout.outcome == .timedOut)
        #expect(driver.clock == begun + 1_800_000)
        #expect(driver.effects.contains(.giveSlot))
        #expect(driver.rollout.jobIds == ["job_9"])
    }

    @Test func completedIsReadBackInALookBegunAfterwards() {
        let driver = Driver.readingBack()
        #expect(driver.asked == .jobs(botId: "bot_1", environment: "PRODUCTION", page: 1))
        #expect(driver.record("job")?["state"] == .string("COMPLETED"))
    }

    @Test func withoutVerifyTheReadBackIsTheProofAndTheRecordSaysSo() {
        var driver = Driver.readingBack(.sample(.sample(verify: [])))
        driver.answerJobs([.ours(.completed)])
        #expect(driver.rollout.outcome == .succeeded)
        #expect(driver.effects.contains(.verified(version: "v7")))
        #expect(driver.record("verification")?["detail"]?.text?.contains("nothing was asked") == true)
        #expect(driver.record("end")?["nothingAsked"] == .bool(true))
    }

    @Test func invariant11_aLyingCompletionFailsWithQuarantineAfterVerifyTimeout() {
        var driver = Driver.readingBack(.sample(.sample(verify: [])))
        let begun = driver.clock
        driver.answerJobs([.ours(.running)])
        #expect(driver.wait == .milliseconds(250))
        driver.wakeUntil(begun + 3_600_000) { $0.answerJobs([.ours(.running)]) }
        #expect(driver.rollout.outcome == .failed)
        #expect(driver.clock == begun + 300_000)
        #expect(driver.quarantined == ["v7"])
        #expect(driver.rollout.message.contains("v5 serves"))
    }

    @Test func aReadBackThatComesLateSucceeds() {
        var driver = Driver.readingBack(.sample(.sample(verify: [])))
        driver.answerJobs([.ours(.running)])
        driver.wake()
        driver.answerJobs([.ours(.completed)])
        #expect(driver.rollout.outcome == .succeeded)
    }

    @Test(arguments: [PlatformFailure.Kind.lost, .unclear, .forbidden])
    func invariant10_anImpossibleReadBackIsIndeterminate(_ kind: PlatformFailure.Kind) {
        var driver = Driver.readingBack()
        let begun = driver.clock
        driver.fail(kind)
        driver.wakeUntil(begun + 3_600_000) { $0.fail(kind) }
        #expect(driver.rollout.outcome == .indeterminate)
        #expect(driver.clock == begun + 300_000)
        #expect(driver.quarantined.isEmpty)
    }

    @Test func aLaterJobOfSomebodyElseSupersedesAndIsContested() {
        var driver = Driver.readingBack()
        driver.answerJobs([.foreign(.completed, at: 20_000), .ours(.completed)])
        #expect(driver.rollout.outcome == .superseded)
        #expect(driver.effects.contains(.contested(reason: "eve deployed v6 after v7")))
        #expect(driver.quarantined.isEmpty)
    }

    @Test func theReadBackReadsOnUntilItsJob() {
        var driver = Driver.readingBack()
        driver.answer(.jobs([.foreign(.failed)], page: PageInfo(page: 1, next: 2, first: "job_x")))
        #expect(driver.asked == .jobs(botId: "bot_1", environment: "PRODUCTION", page: 2))
    }

    @Test func whatComesAfterTheEndOfTheJobIsIgnored() {
        var driver = Driver.readingBack()
        let before = driver.rollout
        driver.send(.feed([.ours(.failed)], lookedAt: driver.now.tick))
        #expect(driver.rollout == before)
        #expect(driver.effects.isEmpty)
    }

    @Test func aFailedJobQuarantinesAndWhatServesGoesOnServing() {
        var driver = Driver.deploying()
        driver.wake()
        driver.answer(.status(.failed, errorMessage: "no space"))
        #expect(driver.quarantined == ["v7"])
        #expect(driver.rollout.leg.asking == .readBack)
        driver.answerJobs([.ours(.failed)])
        #expect(driver.rollout.outcome == .failed)
        #expect(driver.rollout.message == "v7 was not deployed: no space; v5 goes on serving")
        #expect(driver.posts.count == 1)
    }

    @Test func afterAFailedJobOnlyANamedFallbackThatDoesNotServeIsRolledOut() {
        var world = RolloutWorld.sample(fallbacks: [
            .init(version: "v5", isNamed: true), .init(version: "v6", isNamed: false),
        ])
        var driver = Driver.deploying(world: world)
        driver.wake()
        driver.answer(.status(.failed, errorMessage: nil))
        driver.answerJobs([.ours(.failed)])
        #expect(driver.rollout.outcome == .failed, "v5 serves already, v6 is not named")

        world.fallbacks = [.init(version: "v6", isNamed: true)]
        driver = Driver.deploying(world: world)
        driver.wake()
        driver.answer(.status(.failed, errorMessage: nil))
        driver.answerJobs([.ours(.failed)])
        #expect(driver.rollout.failover?.target == "v6")
        #expect(driver.asked == .versions(botId: "bot_1", page: 1))
    }

    @Test func holdMeansNoFailoverAfterAFailedJobEither() {
        let world = RolloutWorld.sample(fallbacks: [.init(version: "v6", isNamed: true)])
        var driver = Driver.deploying(.sample(.sample(onFailure: .hold)), world: world)
        driver.wake()
        driver.answer(.status(.failed, errorMessage: "no space"))
        #expect(driver.rollout.outcome == .failed)
        #expect(driver.quarantined == ["v7"])
        #expect(driver.rollout.failover == nil)
    }

    @Test func aFailedJobWhoseEffectCannotBeReadSendsNothing() {
        let world = RolloutWorld.sample(fallbacks: [.init(version: "v6", isNamed: true)])
        var driver = Driver.deploying(world: world)
        driver.wake()
        driver.answer(.status(.failed, errorMessage: "no space"))
        driver.fail(.unclear)
        driver.wakeUntil(driver.clock + 3_600_000) { $0.fail(.unclear) }
        #expect(driver.rollout.outcome == .failed)
        #expect(driver.posts.count == 1)
    }

    @Test func aJobThatAnEarlierRolloutLeftIsAdoptedWithoutAPost() {
        var rollout = Rollout.sample()
        rollout.adopts = "job_9"
        var driver = Driver.started(rollout)
        #expect(driver.asked == .status(jobId: "job_9"))
        #expect(!driver.effects.contains(.takeSlot))
        driver.answer(.status(.completed, errorMessage: nil))
        driver.answerJobs([.ours(.completed)])
        driver.answer(.turn(.right))
        #expect(driver.rollout.outcome == .succeeded)
        #expect(driver.posts.isEmpty)
        #expect(!driver.log.contains(.giveSlot))
        #expect(driver.rollout.jobIds == ["job_9"])
    }

    @Test func anAdoptedJobIsPolledByItselfBecauseTheFeedServesSlots() {
        var rollout = Rollout.sample()
        rollout.adopts = "job_9"
        var world = RolloutWorld.sample()
        world.pollsByFeed = true
        var driver = Driver.started(rollout, world: world)
        driver.answer(.status(.running, errorMessage: nil))
        #expect(driver.wait == .milliseconds(250))
        driver.wake()
        #expect(driver.asked == .status(jobId: "job_9"))
    }

    @Test func anAdoptedJobThatWasOvertakenIsContested() {
        var rollout = Rollout.sample()
        rollout.adopts = "job_9"
        var driver = Driver.started(rollout)
        driver.answer(.status(.completed, errorMessage: nil))
        driver.answerJobs([.foreign(.completed, at: 20_000), .ours(.completed)])
        #expect(driver.rollout.outcome == .superseded)
    }
}
