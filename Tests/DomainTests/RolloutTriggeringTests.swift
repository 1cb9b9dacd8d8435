import Domain
import Testing

@Suite struct RolloutTriggeringTests {
    @Test func invariant3_theIntentIsJournaledInTheCallThatSends() {
        let driver = Driver.posting()
        let intent = driver.rollout.leg.intent
        #expect(intent?.request == driver.posts.first)
        #expect(intent?.request.idempotencyKey == "ballast-s1-r1-p-1")
        #expect(intent?.seenJobIds == ["job_1"])
        #expect(driver.rollout.phase == .triggering)
        #expect(driver.record("intent")?["idempotencyKey"] == .string("ballast-s1-r1-p-1"))
        let intentAt = driver.effects.firstIndex { if case .record("intent", _) = $0 { true } else { false } }
        let askAt = driver.effects.firstIndex { if case .ask = $0 { true } else { false } }
        #expect((intentAt ?? .max) < (askAt ?? .min))
    }

    @Test(arguments: [true, false]) func invariant4_dependenciesAreLeftUnvalidatedOnlyByTheManifest(_ validate: Bool) {
        let driver = Driver.posting(.sample(.sample { $0.validateDependencies = validate }))
        #expect(driver.posts.first?.validateDependencies == validate)
        #expect(driver.record("intent")?["force"] == .bool(false))
    }

    @Test(arguments: [PlatformFailure.Kind.unauthorized, .forbidden])
    func refusedCredentialsWaitInGuardingWithoutQuarantine(_ kind: PlatformFailure.Kind) {
        var driver = Driver.posting()
        driver.fail(kind)
        #expect(driver.rollout.phase == .guarding)
        #expect(driver.effects.contains { if case .platformRefused = $0 { true } else { false } })
        #expect(driver.effects.contains(.giveSlot))
        #expect(driver.quarantined.isEmpty)
        driver.wake()
        #expect(driver.asked == .versions(botId: "bot_1", page: 1))
    }

    @Test(arguments: [true, false]) func notFoundObservesTheVersionAgainAndBlocks(_ listed: Bool) {
        var driver = Driver.posting()
        driver.fail(.notFound)
        #expect(driver.asked == .versions(botId: "bot_1", page: 1))
        #expect(!driver.rollout.hasSlot)
        driver.answer(.versions(listed ? VersionInfo.samples : [], page: .only))
        #expect(driver.rollout.outcome == .blocked)
        #expect(driver.quarantined.isEmpty)
    }

    @Test(arguments: [PlatformFailure.Kind.invalid, .conflict(.dependencies)])
    func invariant7_aFinalRefusalFailsAndQuarantines(_ kind: PlatformFailure.Kind) {
        var driver = Driver.posting()
        driver.fail(kind)
        #expect(driver.rollout.outcome == .failed)
        #expect(driver.quarantined == ["v7"])
        #expect(driver.effects.contains(.giveSlot))
    }

    @Test func aRateLimitWaitsLooksAgainAndSendsWithANewKey() {
        var driver = Driver.posting()
        driver.fail(.rateLimited, retryAfter: .seconds(40))
        #expect(driver.wait == .seconds(40))
        #expect(driver.effects.contains(.platformPaused(.seconds(40))))
        driver.wake()
        driver.send(.slotGranted)
        driver.answerJobs()
        driver.answer(.sessions(count: 0, page: .only))
        #expect(driver.posts.map(\.idempotencyKey) == ["ballast-s1-r1-p-1", "ballast-s1-r1-p-2"])
    }

    @Test func sessionsInA409LeadBackToDrainingWithANewKey() {
        var driver = Driver.posting()
        driver.fail(.conflict(.sessions))
        #expect(driver.rollout.phase == .draining)
        #expect(!driver.rollout.hasSlot)
        #expect(driver.wait == .seconds(1))
        driver.wake()
        driver.answer(.sessions(count: 0, page: .only))
        driver.send(.slotGranted)
        driver.answerJobs()
        driver.answer(.sessions(count: 0, page: .only))
        #expect(driver.posts.last?.idempotencyKey == "ballast-s1-r1-p-2")
    }

    @Test(arguments: [true, false]) func sessionsInA409AreTriedAtTheSessionCadenceUntilDrainTimeout(_ waived: Bool) {
        var world = RolloutWorld.sample()
        if waived { world.waived = [.sessions] }
        var driver = waived ? Driver.lookingAtSessions(world: world) : Driver.posting(world: world)
        let begun = driver.clock
        while !driver.rollout.hasEnded, driver.clock < begun + 3_600_000 {
            driver.fail(.conflict(.sessions))
            guard !driver.rollout.hasEnded else { break }
            driver.wake()
            if driver.rollout.leg.asking == .sessions { driver.answer(.sessions(count: 0, page: .only)) }
            guard !driver.rollout.hasEnded else { break }
            driver.send(.slotGranted)
            driver.answerJobs()
            if driver.rollout.leg.asking == .sessions { driver.answer(.sessions(count: 0, page: .only)) }
        }
        #expect(driver.rollout.outcome == .blocked)
        #expect(driver.clock == begun + 600_000)
        #expect(driver.quarantined.isEmpty)
        #expect(Set(driver.posts.map(\.idempotencyKey)).count == driver.posts.count)
    }

    @Test func aJobInA409IsWaitedFor() {
        var driver = Driver.posting()
        driver.fail(.conflict(.inFlight))
        #expect(driver.rollout.phase == .draining)
        #expect(driver.wait == .seconds(2))
        driver.wake()
        #expect(driver.asked == .jobs(botId: "bot_1", environment: "PRODUCTION", page: 1))
    }

    @Test func anUnclear409ObservesJobsAndSessionsAndIsFinalWhereNeitherExplainsIt() {
        var driver = Driver.posting()
        driver.fail(.conflict(.unclear))
        #expect(driver.asked == .jobs(botId: "bot_1", environment: "PRODUCTION", page: 1))
        driver.answerJobs()
        #expect(driver.asked == .sessions(botId: "bot_1", environment: "PRODUCTION", page: 1))
        driver.answer(.sessions(count: 0, page: .only))
        #expect(driver.rollout.outcome == .failed)
        #expect(driver.quarantined == ["v7"])
    }

    @Test func anUnclear409IsExplainedByAJob() {
        var driver = Driver.posting()
        driver.fail(.conflict(.unclear))
        driver.answerJobs([.foreign(.running)])
        #expect(driver.rollout.phase == .draining)
        #expect(driver.verdict(.inFlight)?.verdict == .wait)
    }

    @Test(arguments: [0, 5]) func anUnclear409IsExplainedByAnySession(_ most: Int) {
        var driver = Driver.posting(.sample(.sample { $0.maxActiveSessions = most }))
        driver.fail(.conflict(.unclear))
        driver.answerJobs()
        driver.answer(.sessions(count: 1, page: .only))
        #expect(driver.rollout.phase == .draining)
        #expect(driver.verdict(.sessions)?.verdict == .wait)
    }

    @Test func invariant10_anUnclear409IsNotFinalWhileALookFails() {
        var driver = Driver.posting()
        driver.fail(.conflict(.unclear))
        driver.fail(.unclear)
        #expect(!driver.rollout.hasEnded)
        driver.wake()
        driver.answerJobs()
        driver.send(.slotGranted)
        driver.answerJobs()
        driver.fail(.lost)
        #expect(!driver.rollout.hasEnded)
        #expect(driver.posts.count == 1)
    }

    @Test(arguments: [PlatformFailure.Kind.lost, .unclear])
    func invariant3_anUnknownFateIsLookedUpBeforeAnythingElse(_ kind: PlatformFailure.Kind) {
        var driver = Driver.posting()
        driver.fail(kind)
        #expect(driver.asked == .jobs(botId: "bot_1", environment: "PRODUCTION", page: 1))
        #expect(driver.rollout.phase == .triggering)
        #expect(driver.rollout.hasSlot)
        #expect(driver.posts.count == 1)
    }

    @Test func anAcceptanceWithoutJobIdIsLookedUp() {
        var driver = Driver.posting()
        driver.answer(.accepted(jobId: nil))
        #expect(driver.rollout.leg.asking == .lookUp)
    }

    @Test func aJobWithOurKeyIsOurs() {
        var driver = Driver.lookingUp()
        let job = JobInfo.sample("job_9", "v7", .running, at: 1, key: "ballast-s1-r1-p-1")
        driver.answerJobs([.sample("job_8", "v7", .running, at: 2), job])
        #expect(driver.rollout.leg.jobId == "job_9")
        #expect(driver.rollout.phase == .deploying)
        #expect(driver.records.contains("adopted"))
    }

    @Test func aJobToTheSameVersionThatWasNotSeenBeforeIsOursWhateverItsTime() {
        var driver = Driver.lookingUp()
        driver.answerJobs([.sample("job_9", "v7", .running, at: -5)])
        #expect(driver.rollout.leg.jobId == "job_9")
    }

    @Test func aJobThatWasSeenBeforeIsNeverOurs() {
        let seen = JobInfo.sample("job_0", "v7", .failed, at: 900)
        var driver = Driver.lookingAtJobs()
        driver.answerJobs([seen])
        driver.answer(.sessions(count: 0, page: .only))
        driver.fail(.lost)
        driver.answerJobs([seen])
        #expect(driver.rollout.phase == .triggering)
        #expect(driver.rollout.leg.jobId == nil)
    }

    @Test func aJobToAnotherVersionIsNotOurs() {
        var driver = Driver.lookingUp()
        driver.answerJobs([.foreign(.running)])
        #expect(driver.rollout.phase == .triggering)
    }

    @Test func aFoundJobThatEndedIsReadBack() {
        var driver = Driver.lookingUp()
        driver.answerJobs([.ours(.completed)])
        #expect(driver.rollout.leg.asking == .readBack)
    }

    @Test func invariant2_absenceIsSureOnlyInALookBegunATimeoutAfterGivingUp() {
        var driver = Driver.lookingUp()
        let givenUp = driver.clock
        while driver.clock < givenUp + 30_000 {
            driver.answerJobs()
            #expect(driver.rollout.phase == .triggering)
            driver.wake()
        }
        #expect(driver.clock == givenUp + 30_000)
        driver.answerJobs()
        #expect(driver.rollout.phase == .draining)
        #expect(driver.posts.count == 1)
    }

    @Test func afterSureAbsenceTheSameKeyIsSentAfterTheGuardsLookedAgain() {
        var driver = Driver.lookingUp()
        driver.pass(.minutes(1))
        driver.answerJobs()
        driver.wake()
        driver.answerJobs()
        driver.wake()
        driver.send(.slotGranted)
        driver.answerJobs()
        driver.answer(.sessions(count: 0, page: .only))
        #expect(driver.posts.map(\.idempotencyKey) == ["ballast-s1-r1-p-1", "ballast-s1-r1-p-1"])
    }

    @Test func invariant2_ourJobThatShowsLateIsAdoptedInsteadOfSendingAgain() {
        var driver = Driver.lookingUp()
        driver.pass(.minutes(1))
        driver.answerJobs()
        driver.wake()
        driver.answerJobs()
        driver.wake()
        driver.send(.slotGranted)
        driver.answerJobs([.ours(.running)])
        #expect(driver.rollout.phase == .deploying)
        #expect(driver.posts.count == 1)
    }

    @Test func sureAbsenceAgainAndAgainFailsWithoutQuarantineAfterRolloutTimeout() {
        var driver = Driver.posting()
        let begun = driver.clock
        while !driver.rollout.hasEnded, driver.clock < begun + 7_200_000 {
            switch driver.rollout.leg.asking {
            case .post: driver.fail(.lost)
            case .lookUp, .jobs: driver.answerJobs()
            case .sessions: driver.answer(.sessions(count: 0, page: .only))
            default: driver.rollout.waitsForSlot ? driver.send(.slotGranted) : driver.wake()
            }
        }
        #expect(driver.rollout.outcome == .failed)
        #expect(driver.quarantined.isEmpty)
        #expect(driver.clock >= begun + 1_800_000 && driver.clock < begun + 1_900_000)
        #expect(Set(driver.posts.map(\.idempotencyKey)) == ["ballast-s1-r1-p-1"])
    }

    @Test func notSentIsSentAgainWithTheSameKeyAfterABackoffAndFailsAtRolloutTimeout() {
        var driver = Driver.posting()
        let begun = driver.clock
        driver.fail(.notSent)
        #expect(driver.wait == .seconds(1))
        #expect(!driver.rollout.hasSlot)
        while !driver.rollout.hasEnded, driver.clock < begun + 7_200_000 {
            switch driver.rollout.leg.asking {
            case .post: driver.fail(.notSent)
            case .jobs: driver.answerJobs()
            case .sessions: driver.answer(.sessions(count: 0, page: .only))
            default: driver.rollout.waitsForSlot ? driver.send(.slotGranted) : driver.wake()
            }
        }
        #expect(driver.rollout.outcome == .failed)
        #expect(driver.quarantined.isEmpty)
        #expect(Set(driver.posts.map(\.idempotencyKey)) == ["ballast-s1-r1-p-1"])
    }

    @Test func aNotSentPostAdoptsNobodysJob() {
        var driver = Driver.posting()
        driver.fail(.notSent)
        driver.wake()
        driver.send(.slotGranted)
        driver.answerJobs([.foreign(.running, "v7")])
        #expect(driver.rollout.phase == .draining)
        #expect(driver.rollout.leg.jobId == nil)
    }

    @Test func whatCannotBeToldIsIndeterminate() {
        var driver = Driver.lookingUp()
        let begun = driver.clock
        driver.fail(.unclear)
        driver.wakeUntil(begun + 7_200_000) { $0.fail(.unclear) }
        #expect(driver.rollout.outcome == .indeterminate)
        #expect(driver.clock == begun + 1_800_000)
        #expect(driver.posts.count == 1)
    }

    @Test func theRequestBudgetHeldThePost() {
        var driver = Driver.posting()
        driver.send(.budgetHeld)
        #expect(driver.asked == .jobs(botId: "bot_1", environment: "PRODUCTION", page: 1))
        #expect(driver.rollout.hasSlot)
        driver.answerJobs()
        driver.answer(.sessions(count: 0, page: .only))
        #expect(driver.posts.map(\.idempotencyKey) == ["ballast-s1-r1-p-1", "ballast-s1-r1-p-1"])
    }

    @Test func aWindowThatClosedWhileTheBudgetHeldThePost() {
        var driver = Driver.posting()
        driver.world.window = GuardVerdict(.window, .wait, "closed")
        driver.send(.budgetHeld)
        #expect(driver.rollout.phase == .guarding)
        #expect(!driver.rollout.hasSlot)
    }

    @Test func theLookUpReadsOnUntilAJobThatWasSeen() {
        var driver = Driver.lookingUp()
        driver.answer(.jobs([.foreign(.running)], page: PageInfo(page: 1, next: 2, first: "job_x")))
        #expect(driver.asked == .jobs(botId: "bot_1", environment: "PRODUCTION", page: 2))
        driver.answer(.jobs([.ours(.running)], page: PageInfo(page: 2, next: nil, first: "job_9")))
        #expect(driver.rollout.phase == .deploying)
    }

    @Test func theFeedShowsTheLostJob() {
        var driver = Driver.lookingUp()
        driver.answerJobs()
        driver.send(.feed([.ours(.running)], lookedAt: driver.now.tick))
        #expect(driver.rollout.phase == .deploying)
    }

    @Test func onAPlatformWithoutJobsAnAcceptanceIsReadBack() {
        var driver = Driver.posting(world: .withoutJobs)
        driver.answer(.accepted(jobId: nil))
        #expect(driver.asked == .deployed(botId: "bot_1", environment: "PRODUCTION"))
        driver.answer(.deployed(version: "v7"))
        #expect(driver.rollout.phase == .verifying)
    }

    @Test func onAPlatformWithoutJobsWhatServesTellsTheFate() {
        var driver = Driver.posting(world: .withoutJobs)
        driver.fail(.lost)
        #expect(driver.asked == .deployed(botId: "bot_1", environment: "PRODUCTION"))
        driver.answer(.deployed(version: "v5"))
        #expect(driver.rollout.phase == .triggering)
        driver.wake()
        driver.answer(.deployed(version: "v7"))
        #expect(driver.rollout.phase == .verifying)
    }

    @Test func onAPlatformWithoutJobsAbsenceIsSureAfterTheTimeout() {
        var driver = Driver.posting(world: .withoutJobs)
        driver.fail(.lost)
        driver.answer(.deployed(version: "v5"))
        #expect(driver.rollout.phase == .triggering)
        driver.pass(.seconds(30))
        driver.wake()
        driver.answer(.deployed(version: "v5"))
        #expect(driver.rollout.phase == .draining)
    }
}

extension RolloutWorld {
    static var withoutJobs: RolloutWorld {
        var world = RolloutWorld.sample()
        world.capabilities = PlatformCapabilities(jobs: false)
        return world
    }
}
