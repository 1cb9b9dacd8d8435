import Domain
import Testing

@Suite struct RolloutInterruptionTests {
    static let beforePost = RolloutTable.primary.filter {
        $0.name.hasPrefix("planned") || $0.name.hasPrefix("guarding") || $0.name.hasPrefix("draining")
    }.map(\.name)
    static let all = (RolloutTable.primary + RolloutTable.failover).filter { !$0.name.hasPrefix("ended") }.map(\.name)

    static func driver(_ name: String) throws -> Driver {
        try #require((RolloutTable.primary + RolloutTable.failover).first { $0.name == name }).make()
    }

    @Test(arguments: beforePost) func invariant6_aNewerCommitSupersedesWhatStandsInTheGuardsAtOnce(_ name: String)
        throws
    {
        var driver = try Self.driver(name)
        driver.send(.newerCommit(by: "bbbbbbbb"))
        #expect(driver.rollout.outcome == .superseded)
        #expect(driver.rollout.message == "v7 is superseded by bbbbbbbb")
        #expect(driver.asked == nil)
    }

    @Test func invariant6_triggeringFindsOutTheFateFirst() {
        var driver = Driver.posting()
        driver.send(.newerCommit(by: "bbbbbbbb"))
        #expect(driver.rollout.phase == .triggering)
        driver.answer(.accepted(jobId: "job_9"))
        driver.wake()
        driver.answer(.status(.completed, errorMessage: nil))
        #expect(driver.rollout.outcome == .superseded)
        #expect(!driver.log.contains(.verified(version: "v7")))
        #expect(!driver.log.contains { if case .ask(_, .test) = $0 { true } else { false } })
    }

    @Test(arguments: [
        PlatformFailure.Kind.notSent, .conflict(.sessions), .conflict(.dependencies), .conflict(.inFlight),
        .conflict(.unclear), .rateLimited, .unauthorized, .notFound, .invalid,
    ])
    func invariant6_aRefusedPostIsSuperseded(_ kind: PlatformFailure.Kind) {
        var driver = Driver.posting()
        driver.send(.newerCommit(by: "bbbbbbbb"))
        driver.fail(kind)
        #expect(driver.rollout.outcome == .superseded)
        #expect(driver.posts.count == 1)
        #expect(driver.quarantined.isEmpty)
    }

    @Test func invariant6_aPostThatTheBudgetHeldIsSuperseded() {
        var driver = Driver.posting()
        driver.send(.newerCommit(by: "bbbbbbbb"))
        driver.send(.budgetHeld)
        #expect(driver.rollout.outcome == .superseded)
    }

    @Test func invariant6_sureAbsenceIsSuperseded() {
        var driver = Driver.lookingUp()
        driver.send(.newerCommit(by: "bbbbbbbb"))
        driver.pass(.minutes(1))
        driver.answerJobs()
        driver.wake()
        driver.answerJobs()
        #expect(driver.rollout.outcome == .superseded)
        #expect(driver.posts.count == 1)
    }

    @Test func aFateThatCannotBeToldIsIndeterminateWithANewerCommitToo() {
        var driver = Driver.lookingUp()
        driver.send(.newerCommit(by: "bbbbbbbb"))
        driver.fail(.unclear)
        driver.wakeUntil(driver.clock + 7_200_000) { $0.fail(.unclear) }
        #expect(driver.rollout.outcome == .indeterminate)
    }

    @Test(arguments: [JobState.completed, .failed])
    func invariant6_aRunningJobIsWatchedToItsEndThenSuperseded(_ state: JobState) {
        var driver = Driver.deploying(world: .sample(fallbacks: [.init(version: "v6", isNamed: true)]))
        driver.send(.newerCommit(by: "bbbbbbbb"))
        #expect(driver.rollout.outcome == nil)
        driver.wake()
        driver.answer(.status(state, errorMessage: nil))
        #expect(driver.rollout.outcome == .superseded)
        #expect(driver.rollout.failover == nil)
    }

    @Test func aJobThatDoesNotEndIsTimedOutWithANewerCommitToo() {
        var driver = Driver.deploying()
        driver.send(.newerCommit(by: "bbbbbbbb"))
        driver.wakeUntil(driver.clock + 7_200_000) { $0.answer(.status(.running, errorMessage: nil)) }
        #expect(driver.rollout.outcome == .timedOut)
    }

    @Test func invariant16_verifyingIsSupersededAtOnceAndNotRememberedAsVerified() {
        var driver = Driver.verifying()
        driver.send(.newerCommit(by: "bbbbbbbb"))
        #expect(driver.rollout.outcome == .superseded)
        #expect(driver.effects.contains(.giveSlot))
        #expect(!driver.log.contains(.verified(version: "v7")))
    }

    @Test(arguments: ["failover guarding/versions", "failover draining/jobs", "failover draining/waits"])
    func aFailoverBeforeItsPostIsSuperseded(_ name: String) throws {
        var driver = try Self.driver(name)
        driver.send(.newerCommit(by: "bbbbbbbb"))
        #expect(driver.rollout.outcome == .superseded)
        #expect(driver.posts.count == 1)
    }

    @Test func aFailoversJobIsWatchedThenSuperseded() {
        var driver = Driver.failoverDeploying()
        driver.send(.newerCommit(by: "bbbbbbbb"))
        driver.wake()
        driver.answer(.status(.completed, errorMessage: nil))
        #expect(driver.rollout.outcome == .superseded)
    }

    @Test func aFailoverInVerificationIsSupersededAtOnce() {
        var driver = Driver.failoverVerifying()
        driver.send(.newerCommit(by: "bbbbbbbb"))
        #expect(driver.rollout.outcome == .superseded)
    }

    @Test(arguments: beforePost, [true, false])
    func invariant17_aRemovalOrSuspensionLeavesThePlatformAlone(_ name: String, _ removal: Bool) throws {
        var driver = try Self.driver(name)
        driver.send(removal ? .removed(reason: "the manifest was removed") : .suspended(reason: "suspended by Ada"))
        #expect(driver.rollout.outcome == .superseded)
        #expect(driver.rollout.message == (removal ? "the manifest was removed" : "suspended by Ada"))
        #expect(driver.posts.isEmpty)
    }

    @Test func invariant17_aPostOfUnknownFateIsNotSentAgainAfterARemoval() {
        var driver = Driver.lookingUp()
        driver.send(.removed(reason: "the manifest was removed"))
        driver.pass(.minutes(1))
        driver.answerJobs()
        driver.wake()
        driver.answerJobs()
        #expect(driver.rollout.outcome == .superseded)
        #expect(driver.posts.count == 1)
    }

    @Test func fromTheJobOnARemovalLetsItRunToItsOwnEndFailoverIncluded() {
        var driver = Driver.posting()
        driver.send(.removed(reason: "the manifest was removed"))
        driver.answer(.accepted(jobId: "job_9"))
        driver.wake()
        driver.answer(.status(.completed, errorMessage: nil))
        driver.answerJobs([.ours(.completed)])
        driver.send(.suspended(reason: "suspended by Ada"))
        driver.answer(.turn(.wrong))
        driver.send(.suspended(reason: "suspended by Ada"))
        driver.answerVersions()
        driver.answerJobs([.ours(.completed)])
        driver.answer(.accepted(jobId: "job_10"))
        driver.wake()
        driver.answer(.status(.completed, errorMessage: nil))
        driver.answerJobs([.fallback(.completed), .ours(.completed)])
        driver.answer(.turn(.right))
        #expect(driver.rollout.outcome == .failedOver)
    }

    @Test(arguments: beforePost) func aNewerCommitThatKeepsTheVersionDoesNotSupersede(_ name: String) throws {
        var driver = try Self.driver(name)
        let new = RolloutSettings.sample { $0.maxActiveSessions = 7 }
        driver.send(.settingsChanged(new, .newer, labels: ["team": "payments"]))
        #expect(driver.rollout.outcome == nil)
        #expect(driver.rollout.settings == new)
        #expect(driver.rollout.provenance == .newer)
        #expect(driver.rollout.labels == ["team": "payments"])
    }

    @Test func theNewestGuardsCountFromTheNextJudgement() {
        var driver = Driver.lookingAtSessions()
        driver.answer(.sessions(count: 2, page: .only))
        driver.send(.settingsChanged(.sample { $0.maxActiveSessions = 2 }, .newer, labels: [:]))
        driver.answerVersions()
        driver.send(.slotGranted)
        driver.answerJobs()
        driver.answer(.sessions(count: 2, page: .only))
        #expect(driver.posts.count == 1)
    }

    @Test func afterThePostOnlyVerifyIsTakenOver() {
        var driver = Driver.deploying()
        var new = RolloutSettings.sample(verify: [], onFailure: .hold)
        new.rolloutTimeout = .minutes(1)
        driver.send(.settingsChanged(new, .newer, labels: [:]))
        #expect(driver.rollout.settings.verify.isEmpty)
        #expect(driver.rollout.settings.onFailure == .failover)
        #expect(driver.rollout.settings.rolloutTimeout == .minutes(30))
        #expect(driver.rollout.provenance == .sample)
    }

    @Test func aChangedVerifyBeginsTheVerificationAgain() {
        var driver = Driver.verifying()
        let stale = driver.rollout.step
        var test = VerifyCase.sample
        test.message = "Hello?"
        driver.send(.settingsChanged(.sample(verify: [test]), .newer, labels: [:]))
        #expect(driver.asked == .test(botId: "bot_1", environment: "PRODUCTION", message: "Hello?"))
        driver.send(
            .answer(step: stale, PlatformExchange(result: .success(.turn(.wrong))), askedAt: driver.now.tick))
        #expect(driver.rollout.phase == .verifying)
    }

    @Test(arguments: all) func lateStaleAndRepeatedAnswersAreIgnored(_ name: String) throws {
        var driver = try Self.driver(name)
        let before = driver.rollout
        for step in [before.step - 1, before.step + 1, -1] {
            driver.send(
                .answer(
                    step: step, PlatformExchange(result: .success(.accepted(jobId: "job_y"))),
                    askedAt: driver.now.tick))
        }
        #expect(driver.rollout == before)
        #expect(driver.effects.isEmpty)
    }

    @Test func anAnswerCountsOnce() {
        var driver = Driver.posting()
        let step = driver.rollout.step
        driver.answer(.accepted(jobId: "job_9"))
        let before = driver.rollout
        driver.send(
            .answer(
                step: step, PlatformExchange(result: .failure(PlatformFailure(.lost, "late"))),
                askedAt: driver.now.tick))
        #expect(driver.rollout == before)
    }

    @Test(arguments: all) func anEarlyTimerDoesNothing(_ name: String) throws {
        var driver = try Self.driver(name)
        guard let wakeAt = driver.rollout.wakeAt, wakeAt > driver.now.tick else { return }
        let before = driver.rollout
        driver.send(.timer)
        #expect(driver.rollout == before)
        #expect(driver.effects.isEmpty)
    }

    @Test(arguments: all) func invariant3_aRestartSendsNoPost(_ name: String) throws {
        var driver = try Self.driver(name)
        let posts = driver.posts.count
        driver.pass(.hours(1))
        driver.send(.resume)
        #expect(driver.posts.count == posts)
        #expect(
            driver.rollout.leg.asking != nil || driver.rollout.waitsForSlot || driver.rollout.wakeAt != nil
                || driver.rollout.hasEnded)
    }

    @Test func invariant3_aRestartAfterThePostLooksItUpAndAdoptsIt() {
        var driver = Driver.posting()
        driver.send(.resume)
        #expect(driver.rollout.leg.asking == .lookUp)
        driver.answerJobs([.ours(.running)])
        #expect(driver.rollout.phase == .deploying)
        #expect(driver.posts.count == 1)
        #expect(driver.records.contains("adopted"))
    }

    @Test func aRestartThatAdoptsAJobIsRecorded() {
        var driver = Driver.deploying()
        driver.send(.resume)
        #expect(driver.record("adopted")?["jobId"] == .string("job_9"))
    }
}
