import Domain
import Testing

@Suite struct RolloutGuardingTests {
    @Test func aTurnInTheQueueStartsItAndLooksAtTheVersion() {
        let driver = Driver.started()
        #expect(driver.log.first == .started)
        #expect(driver.asked == .versions(botId: "bot_1", page: 1))
        #expect(driver.rollout.phase == .guarding)
    }

    @Test(arguments: [
        Guard.manifest, .policy, .trust, .suspend, .halt, .blastRadius, .quarantine, .contested,
    ])
    func invariant1_aFailingFirstGuardKeepsItWaitingWithoutARequest(_ guardName: Guard) {
        var world = RolloutWorld.sample()
        world.admission = GuardVerdict(guardName, .wait, "not now")
        let driver = Driver.started(world: world)
        #expect(driver.asked == nil)
        #expect(driver.rollout.phase == .guarding)
        #expect(driver.announcements == [guardName])
        #expect(driver.verdict(guardName)?.verdict == .wait)
    }

    @Test func itGoesOnWhenTheHeldHeadIsWithdrawn() {
        var world = RolloutWorld.sample()
        world.admission = GuardVerdict(.blastRadius, .wait, "held")
        var driver = Driver.started(world: world)
        driver.world.admission = nil
        driver.send(.worldChanged)
        #expect(driver.asked == .versions(botId: "bot_1", page: 1))
        #expect(driver.verdict(.blastRadius)?.verdict == .pass)
    }

    @Test(arguments: [Guard.window, .cooldown]) func aClosedWindowOrCooldownWaitsUntilItCouldPass(_ guardName: Guard) {
        var world = RolloutWorld.sample()
        let closed = GuardVerdict(guardName, .wait, "closed")
        if guardName == .window { world.window = closed } else { world.cooldown = closed }
        world.retryAt = Tick(milliseconds: 1_500_000)
        var driver = Driver.started(world: world)
        #expect(driver.rollout.wakeAt == Tick(milliseconds: 1_500_000))
        #expect(driver.announcements == [guardName])
        driver.wake()
        #expect(driver.asked == nil)
        #expect(driver.announcements == [guardName], "the same reason is announced once")
        driver.world.window = GuardVerdict(.window, .pass, "open")
        driver.world.cooldown = GuardVerdict(.cooldown, .pass, "over")
        driver.wake()
        #expect(driver.asked == .versions(botId: "bot_1", page: 1))
    }

    @Test(arguments: [Guard.window, .cooldown, .halt, .contested])
    func invariant1_whatAPersonWaivedByNamePasses(_ guardName: Guard) {
        var world = RolloutWorld.sample()
        let failing = GuardVerdict(guardName, .wait, "not now")
        switch guardName {
        case .window: world.window = failing
        case .cooldown: world.cooldown = failing
        default: world.admission = failing
        }
        world.waived = [guardName]
        #expect(Driver.started(world: world).asked == .versions(botId: "bot_1", page: 1))
    }

    @Test(arguments: [Guard.manifest, .policy, .trust, .suspend, .blastRadius, .quarantine])
    func invariant1_nothingElseCanBeWaived(_ guardName: Guard) {
        var world = RolloutWorld.sample()
        world.admission = GuardVerdict(guardName, .block, "no")
        world.waived = [guardName]
        #expect(Driver.started(world: world).asked == nil)
    }

    @Test func aWaiverIsSaidInTheVerdict() {
        var world = RolloutWorld.sample()
        world.window = GuardVerdict(.window, .wait, "closed")
        world.waived = [.window]
        #expect(Driver.started(world: world).verdict(.window)?.waived == true)
    }

    @Test func everyPageOfVersionsIsRead() {
        var driver = Driver.started()
        driver.answer(.versions([.sample("v7", created: 700)], page: PageInfo(page: 1, next: 2, first: "v7")))
        #expect(driver.asked == .versions(botId: "bot_1", page: 2))
        driver.answer(.versions([.sample("v5", created: 500)], page: PageInfo(page: 2, next: nil, first: "v5")))
        #expect(driver.rollout.phase == .draining)
        #expect(driver.rollout.direction == .deployment)
    }

    @Test func theSamePageTwiceIsAnError() {
        var driver = Driver.started()
        for page in 1...2 {
            driver.answer(.versions([.sample("v7")], page: PageInfo(page: page, next: page + 1, first: "v7")))
        }
        #expect(driver.verdict(.version)?.verdict == .unknown)
        #expect(driver.rollout.phase == .guarding)
        #expect(driver.wait == .seconds(1))
    }

    @Test func aVersionThatDoesNotExistBlocks() {
        var driver = Driver.started()
        driver.answer(.versions([.sample("v5")], page: .only))
        #expect(driver.rollout.outcome == .blocked)
        #expect(driver.rollout.message == "v7 cannot be rolled out: v7 does not exist")
    }

    @Test(arguments: [true, false]) func aDraftBlocksUnlessTheManifestWaivesIt(_ required: Bool) {
        var driver = Driver.started(.sample(.sample { $0.requirePublished = required }))
        driver.answer(.versions([.sample("v7", status: "DRAFT")], page: .only))
        #expect(driver.rollout.phase == (required ? .ended : .draining))
        #expect(driver.rollout.outcome == (required ? .blocked : nil))
    }

    @Test(arguments: [true, false], ["STAGING", nil])
    func anotherEnvironmentBlocksUnlessTheManifestWaivesIt(_ required: Bool, _ environment: String?) {
        var driver = Driver.started(.sample(.sample { $0.requireEnvironmentMatch = required }))
        driver.answer(.versions([.sample("v7", environment: environment)], page: .only))
        #expect(driver.rollout.outcome == (required ? .blocked : nil))
    }

    @Test(
        arguments: [
            (500, 700, Direction.deployment), (900, 700, .rollback), (700, 700, .rollback), (nil, 700, .rollback),
            (500, nil, .rollback),
        ] as [(Int64?, Int64?, Direction)])
    func theDirectionIsRollbackWhereOlderOrUnknown(_ deployed: Int64?, _ target: Int64?, _ direction: Direction) {
        var driver = Driver.started()
        driver.answer(
            .versions([.sample("v5", created: deployed), .sample("v7", created: target)], page: .only))
        #expect(driver.rollout.direction == direction)
        #expect(driver.rollout.leg.direction == direction)
    }

    @Test func nothingDeployedIsADeployment() {
        var world = RolloutWorld.sample()
        world.deployed = Observation(version: nil, jobId: nil, by: nil, at: nil, idempotencyKey: nil)
        var driver = Driver.started(.sample(from: nil), world: world)
        driver.answer(.versions([.sample("v7")], page: .only))
        #expect(driver.rollout.direction == .deployment)
    }

    @Test(arguments: [
        PlatformFailure.Kind.lost, .notSent, .unclear, .rateLimited, .unauthorized, .forbidden, .unsupported,
    ])
    func invariant10_aVersionThatStaysUnknownWaitsAndNeverBlocks(_ kind: PlatformFailure.Kind) {
        var driver = Driver.started()
        for _ in 0..<50 {
            driver.fail(kind)
            #expect(driver.rollout.phase == .guarding)
            #expect(driver.verdict(.version)?.verdict == .unknown)
            driver.wake()
            #expect(driver.asked == .versions(botId: "bot_1", page: 1))
        }
        #expect(driver.clock > 1_000_000 + 30 * 60_000)
    }

    @Test func whatIsUnknownIsAnnouncedAfterTheThreshold() {
        var world = RolloutWorld.sample()
        world.driftThreshold = 3
        var driver = Driver.started(world: world)
        for count in 1...4 {
            driver.fail(.unclear)
            #expect(driver.announcements.count == (count < 3 ? 0 : 1))
            driver.wake()
        }
    }

    @Test func refusedCredentialsAreThePlatformsEvent() {
        var driver = Driver.started()
        driver.fail(.forbidden)
        #expect(driver.effects.contains { if case .platformRefused = $0 { true } else { false } })
        #expect(driver.announcements.isEmpty)
    }

    @Test func aRateLimitPausesThePlatformForAtMostTenMinutes() {
        var driver = Driver.started()
        driver.fail(.rateLimited, retryAfter: .hours(5))
        #expect(driver.effects.contains(.platformPaused(.minutes(10))))
        #expect(driver.wait == .minutes(10))
    }

    @Test func somebodyElseBroughtTheTarget() {
        var driver = Driver.started()
        driver.world.deployed = Observation(version: "v7", jobId: "job_x", by: "eve", at: nil, idempotencyKey: nil)
        driver.send(.worldChanged)
        #expect(driver.rollout.outcome == .superseded)
        #expect(driver.rollout.message == "already serves v7, deployed by eve")
        #expect(!driver.log.contains(.verified(version: "v7")))
    }

    @Test func aThirdVersionIsANewFromAndAllGuardsAgain() {
        var driver = Driver.waitingForSlot()
        driver.world.deployed = Observation(version: "v6", jobId: "job_x", by: "eve", at: nil, idempotencyKey: nil)
        driver.world.admission = GuardVerdict(.contested, .wait, "two hands")
        driver.send(.slotGranted)
        #expect(driver.rollout.from == "v6")
        #expect(driver.rollout.phase == .guarding)
        #expect(!driver.rollout.hasSlot)
        #expect(driver.effects.contains(.giveSlot))
        #expect(driver.announcements == [.contested])
    }

    @Test func invariant14_aVerdictIsRecordedOnlyWhereItChanged() {
        var world = RolloutWorld.sample()
        world.window = GuardVerdict(.window, .wait, "closed")
        var driver = Driver.started(world: world)
        let before = driver.records.count { $0 == "guard" }
        for _ in 0..<5 { driver.send(.worldChanged) }
        #expect(driver.records.count { $0 == "guard" } == before)
        driver.world.window = GuardVerdict(.window, .wait, "closed by policy")
        driver.send(.worldChanged)
        #expect(driver.records.count { $0 == "guard" } == before + 1)
    }

    @Test func verdictsStandInTheOrderOfTheGuards() {
        var world = RolloutWorld.sample()
        world.admitted = [.init(.trust, .pass, "none asked"), .init(.manifest, .pass, "valid")]
        let guards = Driver.posting(world: world).rollout.guards.map(\.guard)
        #expect(guards == guards.sorted())
        #expect(guards == [.manifest, .trust, .window, .cooldown, .version, .inFlight, .sessions])
    }
}
