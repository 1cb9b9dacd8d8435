import Domain
import Simulator
import Support

/// What happens to a daemon in a year, one after the other.
struct Misfortunes {
    private let world: World
    private var random: SeededRandom

    init(world: World, seed: UInt64) {
        self.world = world
        random = SeededRandom(seed: seed)
    }

    private mutating func bot() -> Int { random.below(world.count) }

    mutating func next() async throws {
        let platform = world.platform
        switch random.below(14) {
        case 0, 1, 2:
            let bots = Array(Set((0..<(1 + random.below(3))).map { _ in bot() })).sorted()
            let versions = bots.map { _ in random.one(of: World.good + [World.bad]) }
            try await world.change(bots, to: versions)
        case 3: try await world.revertLast()
        case 4:
            _ = platform.deployBehindGit(World.bot(bot()), version: random.one(of: World.good), in: World.environment)
        case 5:
            platform.setSessions(
                1 + random.below(5), of: World.bot(bot()), in: World.environment,
                then: [SessionStep(after: .seconds(Int64(1 + random.below(10))), count: 0)])
        case 6: platform.configure { $0.latency = .milliseconds(Int64(random.below(80))) }
        case 7: platform.addFault(FaultRule(.dropAfterWork, on: .createDeployment, times: 2))
        case 8:
            platform.addFault(
                FaultRule(
                    .respond(with: FaultAnswer(status: random.one(of: [500, 502, 503]))), times: 20, probability: 0.3))
        case 9: platform.addFault(FaultRule(.respond(with: .retryLater(after: "1")), times: 5, probability: 0.5))
        case 10:
            let action = random.one(of: [FaultAction.hang, .truncate, .malformed, .withoutData, .dropBeforeWork])
            platform.addFault(FaultRule(action, times: 2, probability: 0.5))
        case 11:
            let ending = random.one(of: [
                JobScript.Ending.fails(message: "out of memory"), .claimsCompletion, .servesOldVersion,
            ])
            platform.addFault(
                FaultRule(
                    .job(
                        course: JobScript(queuedFor: .milliseconds(20), runningFor: .milliseconds(300), ending: ending)),
                    on: .createDeployment))
        case 12: world.sink.add(SinkFault.status(random.one(of: [500, 503, 429]), times: 2))
        default: world.sink.add(SinkFault(random.one(of: [.drop, .dropBeforeReading, .delay(milliseconds: 500)])))
        }
    }

    /// All is well again, and every bot gets a commit of its own, so that nothing that failed holds it.
    ///
    /// It asks for what nobody asked for lately: where the platform says that a version serves, and it does not, only the
    /// verification finds out, and that is cut off by this very commit. A bot that is to serve what the lie says would stay.
    mutating func end() async throws {
        world.platform.clearFaults()
        world.sink.clearFaults()
        world.platform.configure { $0.latency = .milliseconds(2) }
        for bot in 0..<world.count { world.platform.setSessions(0, of: World.bot(bot), in: World.environment) }
        var claimed: [String: String] = [:]
        for job in world.platform.jobs() {
            switch job.script.ending {
            case .completes, .servesOldVersion: claimed[job.botId] = job.targetVersionId
            case .completesAs(let other): claimed[job.botId] = other
            // What the listing says of the job before stays true.
            case .fails, .claimsCompletion, .hangs: break
            }
        }
        let versions = (0..<world.count).map { bot in
            let lately = [world.desired[bot], claimed[World.bot(bot)], World.fallback]
            return random.one(of: World.good.filter { !lately.contains($0) })
        }
        try await world.change(Array(0..<world.count), to: versions)
    }
}
