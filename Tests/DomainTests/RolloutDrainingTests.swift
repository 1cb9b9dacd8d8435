import Domain
import Testing

@Suite struct RolloutDrainingTests {
    @Test func theSlotComesBeforeTheLooksAndThePost() {
        var driver = Driver.waitingForSlot()
        #expect(driver.effects.last == .takeSlot)
        #expect(driver.rollout.wakeAt == nil)
        driver.send(.slotGranted)
        #expect(driver.asked == .jobs(botId: "bot_1", environment: "PRODUCTION", page: 1))
        driver.answerJobs()
        #expect(driver.asked == .sessions(botId: "bot_1", environment: "PRODUCTION", page: 1))
        driver.answer(.sessions(count: 0, page: .only))
        #expect(driver.posts.count == 1)
        #expect(driver.rollout.hasSlot)
    }

    @Test func invariant16_waitingForSessionsHoldsNoSlot() {
        var driver = Driver.lookingAtSessions()
        driver.answer(.sessions(count: 2, page: .only))
        #expect(driver.effects.contains(.giveSlot))
        #expect(!driver.rollout.hasSlot)
        #expect(driver.verdict(.sessions)?.detail == "2 active, at most 0")
        #expect(driver.announcements == [.sessions])
    }

    @Test func sessionsAreLookedAtAfterOneSecondThenHalfAsMuchMoreAtMostFifteen() {
        var driver = Driver.lookingAtSessions(.sample(.sample { $0.drainTimeout = .hours(1) }))
        var waits: [Int64] = []
        for _ in 0..<10 {
            driver.answer(.sessions(count: 2, page: .only))
            waits.append(driver.wait?.milliseconds ?? -1)
            driver.wake()
            #expect(driver.asked == .sessions(botId: "bot_1", environment: "PRODUCTION", page: 1))
        }
        #expect(waits == [1000, 1500, 2250, 3375, 5062, 7593, 11389, 15000, 15000, 15000])
    }

    @Test func invariant1_whenSessionsPassJobsAndSessionsAreLookedAtAgainWithTheSlot() {
        var driver = Driver.lookingAtSessions()
        driver.answer(.sessions(count: 2, page: .only))
        driver.wake()
        driver.answer(.sessions(count: 0, page: .only))
        #expect(driver.effects.contains(.takeSlot))
        driver.send(.slotGranted)
        driver.answerJobs()
        driver.answer(.sessions(count: 1, page: .only))
        #expect(driver.posts.isEmpty, "the last look counts")
        #expect(!driver.rollout.hasSlot)
    }

    @Test func invariant1_jobsAreLookedAtAnewWhereThePlatformPausedBeforeItToldTheSessions() {
        var driver = Driver.waitingForSlot()
        driver.send(.slotGranted)
        driver.answerJobs()
        driver.clock += 300_001
        driver.answer(.sessions(count: 0, page: .only))
        #expect(driver.posts.isEmpty, "a job may have begun meanwhile")
        #expect(driver.asked == .jobs(botId: "bot_1", environment: "PRODUCTION", page: 1))
        driver.answerJobs()
        driver.answer(.sessions(count: 0, page: .only))
        #expect(driver.posts.count == 1)
    }

    @Test func sessionsThatDoNotEndBlockAfterDrainTimeout() {
        var driver = Driver.lookingAtSessions()
        let begun = driver.clock
        driver.answer(.sessions(count: 2, page: .only))
        driver.wakeUntil(begun + 3_600_000) { $0.answer(.sessions(count: 2, page: .only)) }
        #expect(driver.rollout.outcome == .blocked)
        #expect(driver.clock == begun + 600_000)
        #expect(driver.rollout.message.contains("ballast waive order-support --guard sessions"))
    }

    @Test func invariant10_anUnknownCountDoesNotPassAndBlocksAfterDrainTimeout() {
        var driver = Driver.lookingAtSessions()
        let begun = driver.clock
        driver.fail(.unclear)
        #expect(driver.verdict(.sessions)?.verdict == .unknown)
        driver.wakeUntil(begun + 3_600_000) { $0.fail(.unclear) }
        #expect(driver.rollout.outcome == .blocked)
        #expect(driver.posts.isEmpty)
    }

    @Test func theDrainClockStandsStillWhileAnothersJobRuns() {
        var driver = Driver.lookingAtSessions()
        driver.answer(.sessions(count: 2, page: .only))
        driver.wake()
        driver.answer(.sessions(count: 0, page: .only))
        driver.send(.slotGranted)
        driver.answerJobs([.foreign(.running)])
        let left = driver.rollout.leg.drainLeft
        #expect(left == .milliseconds(599_000))
        driver.wakeUntil(driver.clock + 7_200_000) { $0.answerJobs([.foreign(.running)]) }
        #expect(driver.rollout.phase == .draining)
        #expect(driver.rollout.leg.drainLeft == left)
        #expect(driver.rollout.leg.drainingSince == nil)
    }

    @Test func theDrainClockStandsStillWhileItWaitsForASlot() {
        var driver = Driver.lookingAtSessions()
        driver.answer(.sessions(count: 2, page: .only))
        driver.wake()
        driver.answer(.sessions(count: 0, page: .only))
        driver.pass(.hours(2))
        driver.send(.slotGranted)
        driver.answerJobs()
        driver.answer(.sessions(count: 2, page: .only))
        #expect(driver.rollout.phase == .draining)
    }

    @Test func readingStopsOnceTheThresholdIsExceeded() {
        var driver = Driver.lookingAtSessions(.sample(.sample { $0.maxActiveSessions = 60 }))
        driver.answer(.sessions(count: 50, page: PageInfo(page: 1, next: 2, first: "a")))
        #expect(driver.asked == .sessions(botId: "bot_1", environment: "PRODUCTION", page: 2))
        driver.answer(.sessions(count: 50, page: PageInfo(page: 2, next: 3, first: "b")))
        #expect(driver.asked == nil)
        #expect(driver.verdict(.sessions)?.detail == "at least 100 active, at most 60")
    }

    @Test func invariant10_aServerThatIgnoresPagingShowsNoCount() {
        var driver = Driver.lookingAtSessions(.sample(.sample { $0.maxActiveSessions = 500 }))
        driver.answer(.sessions(count: 50, page: PageInfo(page: 1, next: 2, first: "a")))
        driver.answer(.sessions(count: 50, page: PageInfo(page: 2, next: 3, first: "a")))
        #expect(driver.verdict(.sessions)?.verdict == .unknown)
        #expect(driver.posts.isEmpty)
    }

    @Test func asManyAsAllowedPass() {
        var driver = Driver.lookingAtSessions(.sample(.sample { $0.maxActiveSessions = 3 }))
        driver.answer(.sessions(count: 3, page: .only))
        #expect(driver.posts.count == 1)
    }

    @Test func waivedSessionsAreNotAskedFor() {
        var world = RolloutWorld.sample()
        world.waived = [.sessions]
        let driver = Driver.lookingAtSessions(world: world)
        #expect(driver.posts.count == 1)
        #expect(driver.verdict(.sessions)?.waived == true)
        #expect(driver.posts.first?.validateDependencies == true)
    }

    @Test func aWaiverThatComesMeanwhileEndsTheWait() {
        var driver = Driver.lookingAtSessions()
        driver.answer(.sessions(count: 2, page: .only))
        driver.world.waived = [.sessions]
        driver.send(.worldChanged)
        #expect(driver.effects.contains(.takeSlot))
    }

    @Test func invariant10_aPlatformWithoutSessionsWaitsThenBlocksAndSaysHowToWaive() {
        var world = RolloutWorld.sample()
        world.capabilities = PlatformCapabilities(sessions: false)
        var driver = Driver.waitingForSlot(world: world)
        #expect(driver.verdict(.sessions)?.verdict == .unknown)
        #expect(driver.announcements == [.sessions])
        #expect(!driver.effects.contains(.takeSlot))
        driver.wakeUntil(driver.clock + 3_600_000) { _ in }
        #expect(driver.rollout.outcome == .blocked)
        #expect(driver.rollout.message.contains("waive"))
    }

    @Test func onAPlatformWithoutSessionsAWaiverGoesOn() {
        var world = RolloutWorld.sample()
        world.capabilities = PlatformCapabilities(sessions: false)
        var driver = Driver.waitingForSlot(world: world)
        driver.world.waived = [.sessions]
        driver.send(.worldChanged)
        driver.send(.slotGranted)
        driver.answerJobs()
        #expect(driver.posts.count == 1)
    }

    @Test func invariant2_anothersJobIsWaitedForWithoutASlot() {
        var driver = Driver.lookingAtJobs()
        driver.answerJobs([.foreign(.queued)])
        #expect(!driver.rollout.hasSlot)
        #expect(driver.verdict(.inFlight)?.verdict == .wait)
        #expect(driver.wait == .seconds(2))
        var waits: [Int64] = []
        for _ in 0..<7 {
            driver.wake()
            driver.answerJobs([.foreign(.running)])
            waits.append(driver.wait?.milliseconds ?? -1)
        }
        #expect(waits == [3000, 4500, 6750, 10125, 15000, 15000, 15000])
        #expect(driver.posts.isEmpty)
    }

    @Test func theFeedEndsTheWaitForAnothersJob() {
        var driver = Driver.lookingAtJobs()
        driver.answerJobs([.foreign(.running)])
        driver.send(.feed([.foreign(.running)], lookedAt: driver.now.tick))
        #expect(driver.effects.isEmpty)
        driver.send(.feed([.foreign(.failed)], lookedAt: driver.now.tick))
        #expect(driver.effects.contains(.takeSlot))
    }

    @Test func aReleasedForeignJobIsNotWaitedFor() {
        var world = RolloutWorld.sample()
        world.releasedJobs = ["job_x"]
        var driver = Driver.lookingAtJobs(world: world)
        driver.answerJobs([.foreign(.running)])
        #expect(driver.asked == .sessions(botId: "bot_1", environment: "PRODUCTION", page: 1))
    }

    @Test func aReleaseEndsTheWaitForAForeignJobAtOnce() {
        var driver = Driver.lookingAtJobs()
        driver.answerJobs([.foreign(.running)])
        driver.world.releasedJobs = ["job_x"]
        driver.send(.worldChanged)
        #expect(driver.effects.contains(.takeSlot))
    }

    @Test func aPageFullOfOpenJobsIsReadOn() {
        var driver = Driver.lookingAtJobs()
        driver.answer(.jobs([.foreign(.queued)], page: PageInfo(page: 1, next: 2, first: "job_x")))
        #expect(driver.asked == .jobs(botId: "bot_1", environment: "PRODUCTION", page: 2))
    }

    @Test func onlyTheFirstPageMattersOtherwise() {
        var driver = Driver.lookingAtJobs()
        driver.answer(.jobs([.old], page: PageInfo(page: 1, next: 2, first: "job_1")))
        #expect(driver.asked == .sessions(botId: "bot_1", environment: "PRODUCTION", page: 1))
    }

    @Test func jobsOfOtherBotsDoNotCount() {
        var other = JobInfo.foreign(.running)
        other.environment = "STAGING"
        var driver = Driver.lookingAtJobs()
        driver.answerJobs([other])
        #expect(driver.asked == .sessions(botId: "bot_1", environment: "PRODUCTION", page: 1))
    }

    @Test(arguments: [PlatformFailure.Kind.lost, .notSent, .unclear, .rateLimited, .unauthorized])
    func invariant10_aJobListThatStaysUnknownWaitsWithoutSlotAndNeverBlocks(_ kind: PlatformFailure.Kind) {
        var driver = Driver.lookingAtJobs()
        for _ in 0..<60 {
            driver.fail(kind)
            #expect(!driver.rollout.hasSlot)
            #expect(driver.rollout.phase == .draining)
            driver.wake()
        }
        #expect(driver.posts.isEmpty)
    }

    @Test func aLookThatWorksAgainTakesTheSlotAgain() {
        var driver = Driver.lookingAtJobs()
        driver.fail(.lost)
        driver.wake()
        driver.answerJobs()
        #expect(driver.effects.contains(.takeSlot))
        driver.send(.slotGranted)
        #expect(driver.asked == .jobs(botId: "bot_1", environment: "PRODUCTION", page: 1))
    }

    @Test func invariant1_aWindowThatClosedMeanwhileLeadsBackToGuarding() {
        var driver = Driver.lookingAtSessions()
        driver.world.window = GuardVerdict(.window, .wait, "closed")
        driver.answer(.sessions(count: 0, page: .only))
        #expect(driver.posts.isEmpty)
        #expect(driver.rollout.phase == .guarding)
        #expect(driver.effects.contains(.giveSlot))
    }

    @Test(arguments: [Guard.suspend, .halt, .blastRadius, .trust, .quarantine])
    func invariant1_theFirstGuardsAreJudgedInTheTransactionOfTheIntent(_ guardName: Guard) {
        var driver = Driver.lookingAtSessions()
        driver.world.admission = GuardVerdict(guardName, .wait, "since now")
        driver.answer(.sessions(count: 0, page: .only))
        #expect(driver.posts.isEmpty)
        #expect(driver.announcements == [guardName])
    }

    @Test func somebodyElsesTargetIsSeenInTheJobs() {
        var driver = Driver.lookingAtJobs()
        driver.answerJobs([.foreign(.completed, "v7")])
        #expect(driver.rollout.outcome == .superseded)
        #expect(driver.rollout.message == "already serves v7, deployed by eve")
    }

    @Test func aThirdVersionInTheJobsStartsAllGuardsAgain() {
        var driver = Driver.lookingAtJobs()
        driver.answerJobs([.foreign(.completed)])
        #expect(driver.rollout.from == "v6")
        #expect(driver.rollout.phase == .guarding)
        #expect(!driver.rollout.hasSlot)
        #expect(driver.asked == .versions(botId: "bot_1", page: 1))
    }

    @Test func whatWasSeenIsTold() {
        var driver = Driver.lookingAtJobs()
        driver.answerJobs([.foreign(.running)])
        #expect(driver.effects.contains(.openJobs([.foreign(.running)])))
        #expect(
            driver.effects.contains(
                .observed(
                    Observation(
                        version: "v5", jobId: "job_1", by: "ops", at: Timestamp(milliseconds: 2_000),
                        idempotencyKey: nil))))
    }

    @Test func theLatestCompletedAtNamesTheDeployedVersionCreatedAtWhereAbsent() {
        var driver = Driver.lookingAtJobs()
        let late = JobInfo.sample("job_2", "v5", .completed, at: 900, completed: 9_000)
        let absent = JobInfo.sample("job_3", "v6", .completed, at: 8_000)
        driver.answer(.jobs([absent, .old, late], page: .only))
        #expect(driver.rollout.from == "v5")
        #expect(driver.rollout.phase == .draining)
    }

    @Test func aPlatformWithoutJobsIsNotAskedForThem() {
        var world = RolloutWorld.sample()
        world.capabilities = PlatformCapabilities(jobs: false)
        let driver = Driver.lookingAtJobs(world: world)
        #expect(driver.asked == .sessions(botId: "bot_1", environment: "PRODUCTION", page: 1))
    }

    @Test func jitterOnlyShortens() {
        var world = RolloutWorld.sample()
        world.jitter = 0.999
        var driver = Driver.lookingAtSessions(world: world)
        driver.answer(.sessions(count: 2, page: .only))
        #expect(driver.wait.map { $0 >= .milliseconds(800) && $0 < .milliseconds(1000) } == true)
    }
}
