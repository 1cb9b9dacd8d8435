import Domain
import Testing

/// A platform with jobs that loses answers, is slow to take requests, and has other users; and a process that is killed.
struct WalkPlatform {
    var random: SeededGenerator
    var jobs: [JobInfo] = [.old]
    var serial = 100
    /// A POST that was given up and has not arrived yet.
    var late: (at: Int64, DeploymentRequest)?
    var isFaulty = true
    var knowsKeys: Bool
    var twice = 0
    var served: [String] = []

    init(seed: UInt64) {
        random = SeededGenerator(state: seed)
        knowsKeys = seed.isMultiple(of: 2)
    }

    var ourOpenJobs: Int { jobs.count { !$0.state.hasEnded && $0.createdBy == "us" } }

    mutating func take(_ request: DeploymentRequest, at clock: Int64) -> String {
        if knowsKeys, let known = jobs.first(where: { $0.idempotencyKey == request.idempotencyKey }) {
            return known.jobId
        }
        if ourOpenJobs > 0 || served.contains(request.idempotencyKey) { twice += 1 }
        served.append(request.idempotencyKey)
        return add(request.targetVersion, by: "us", key: knowsKeys ? request.idempotencyKey : nil, at: clock)
    }

    mutating func add(_ version: String, by: String, key: String?, at clock: Int64) -> String {
        serial += 1
        let id = "job_\(serial)"
        jobs.insert(.sample(id, version, .running, at: clock, by: by, key: key), at: 0)
        return id
    }

    mutating func pass(to clock: Int64) {
        if let late, late.at <= clock {
            self.late = nil
            _ = take(late.1, at: clock)
        }
        for index in jobs.indices where !jobs[index].state.hasEnded && random.chance(30) {
            jobs[index].state = random.chance(isFaulty ? 80 : 100) ? .completed : .failed
            jobs[index].completedAt = Timestamp(milliseconds: clock)
        }
    }

    mutating func answer(_ request: PlatformRequest, at clock: Int64, timeout: Int64) -> PlatformExchange {
        if isFaulty, random.chance(20) { return fault(request, at: clock, timeout: timeout) }
        switch request {
        case .versions: return PlatformExchange(result: .success(.versions(VersionInfo.samples, page: .only)))
        case .sessions:
            let count = isFaulty && random.chance(30) ? 1 : 0
            return PlatformExchange(result: .success(.sessions(count: count, page: .only)))
        case .jobs: return PlatformExchange(result: .success(.jobs(jobs, page: .only)))
        case .deployed: return PlatformExchange(result: .failure(PlatformFailure(.unsupported, "no")))
        case .status(let jobId):
            guard let job = jobs.first(where: { $0.jobId == jobId }) else {
                return PlatformExchange(result: .failure(PlatformFailure(.notFound, "no such job")))
            }
            return PlatformExchange(result: .success(.status(job.state, errorMessage: nil)))
        case .deploy(let request):
            return PlatformExchange(result: .success(.accepted(jobId: take(request, at: clock))))
        case .test:
            return PlatformExchange(result: .success(.turn(random.chance(isFaulty ? 50 : 100) ? .right : .wrong)))
        }
    }

    private mutating func fault(_ request: PlatformRequest, at clock: Int64, timeout: Int64) -> PlatformExchange {
        if case .deploy(let post) = request {
            let kinds: [PlatformFailure.Kind] = [
                .notSent, .rateLimited, .conflict(.sessions), .conflict(.inFlight), .conflict(.unclear), .unauthorized,
            ]
            if random.chance(50) {
                lose(post, at: clock, timeout: timeout)
                return PlatformExchange(result: .failure(PlatformFailure(.lost, "broken")))
            }
            return PlatformExchange(
                result: .failure(PlatformFailure(kinds.randomElement(using: &random) ?? .lost, "no")))
        }
        return PlatformExchange(result: .failure(PlatformFailure(random.chance(50) ? .unclear : .lost, "broken")))
    }

    /// Never arrives, arrived already, or arrives within the timeout after it was given up.
    mutating func lose(_ request: DeploymentRequest, at clock: Int64, timeout: Int64) {
        switch Int.random(in: 0..<3, using: &random) {
        case 0: break
        case 1: _ = take(request, at: clock)
        default: late = (clock + Int64.random(in: 1..<timeout, using: &random), request)
        }
    }
}

@Suite struct RolloutPlatformWalkTests {
    @Test(arguments: 0..<400)
    func invariants2and3_neverASecondJobWhateverIsLostOrKilled_invariant13_andItEnds(_ seed: Int) {
        let (driver, platform) = Self.walk(seed)
        #expect(driver.rollout.hasEnded, "seed \(seed): \(RolloutTable.place(driver.rollout))")
        #expect(platform.twice == 0, "seed \(seed): a second job")
    }

    @Test func theWalkReachesEveryEndThatItsFaultsAllow() {
        let outcomes = Set((0..<400).compactMap { Self.walk($0).0.rollout.outcome })
        #expect(outcomes.isSuperset(of: [.succeeded, .failed, .failedOver, .degraded, .superseded]))
    }

    static func walk(_ seed: Int) -> (Driver, WalkPlatform) {
        var platform = WalkPlatform(seed: UInt64(seed) &+ 7000)
        var random = SeededGenerator(state: UInt64(seed))
        var settings = RolloutSettings.sample(verify: [.sample(attempts: 2, require: 1)])
        settings.guards.drainTimeout = .minutes(20)
        var driver = Driver(.sample(settings))
        var watch = RolloutWatch()
        var steps = 0
        var newer = false
        driver.send(.resume)
        while !driver.rollout.hasEnded, steps < 2000 {
            steps += 1
            platform.isFaulty = steps < 60
            var event = "timer"
            if let question = driver.asked, driver.rollout.leg.asking != nil {
                if platform.isFaulty, random.chance(10) {
                    event = "killed"
                    if case .deploy(let post) = question, random.chance(70) {
                        platform.lose(post, at: driver.clock, timeout: 30_000)
                    }
                    driver.machine = RolloutMachine(driver.rollout)
                    driver.send(.resume)
                } else {
                    event = "answer to \(question.operation)"
                    let exchange = platform.answer(question, at: driver.clock, timeout: 30_000)
                    if case .success(.turn(.right)) = exchange.result { watch.passedTurn = true }
                    driver.answer(exchange)
                }
            } else if driver.rollout.waitsForSlot {
                event = "slot"
                watch.slot = true
                driver.send(.slotGranted)
            } else {
                driver.world.admission = nil
                if driver.rollout.wakeAt == nil {
                    driver.pass(.seconds(1))
                    driver.send(.worldChanged)
                } else {
                    driver.wake()
                }
            }
            watch.check(driver, event)
            if driver.asked == nil || driver.rollout.leg.asking == nil { platform.pass(to: driver.clock) }
            if platform.isFaulty { disturb(&driver, &platform, &random, &watch, newer: &newer) }
        }
        return (driver, platform)
    }

    private static func disturb(
        _ driver: inout Driver, _ platform: inout WalkPlatform, _ random: inout SeededGenerator,
        _ watch: inout RolloutWatch, newer: inout Bool
    ) {
        guard driver.rollout.leg.asking == nil else { return }
        if random.chance(3), platform.jobs.allSatisfy({ $0.state.hasEnded }) {
            _ = platform.add("v6", by: "eve", key: nil, at: driver.clock)
        }
        if random.chance(2), !newer {
            newer = true
            driver.send(.newerCommit(by: "bbbbbbbb"))
            watch.superseded = true
            watch.check(driver, "newer commit")
        } else if random.chance(5) {
            driver.world.admission = GuardVerdict(.halt, .wait, "halted")
            driver.send(.worldChanged)
            watch.check(driver, "world")
        } else if random.chance(5) {
            driver.send(.feed(platform.jobs, lookedAt: driver.now.tick))
            watch.check(driver, "feed")
        }
    }
}
