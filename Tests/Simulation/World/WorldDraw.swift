import Domain

/// A world from a seed. Some are calm and some are terrible: how often each kind of trouble comes is drawn, too, and a random
/// part of the kinds is switched off altogether.
package struct WorldDraw {
    private var dice: Dice
    private let seed: UInt64
    /// How long there are happenings, in milliseconds.
    private let activeFor: Int64
    private var bots: [WorldBot] = []
    private var platforms: [String] = []
    private var sinks: [String] = []
    /// 0...1: how much goes on.
    private var temper = 0.0

    /// - Parameter hours: of trouble; nil: drawn.
    package static func world(seed: UInt64, hours: Double? = nil) -> World {
        var draw = WorldDraw(seed: seed, hours: hours)
        return draw.world()
    }

    private init(seed: UInt64, hours: Double?) {
        self.seed = seed
        var dice = Dice(seed ^ 0x5EED_0F0F_1234_ABCD)
        let drawn = dice.span(2 * 60_000, 60 * 60_000)
        activeFor = hours.map { Int64($0 * 3_600_000) } ?? drawn
        self.dice = dice
    }

    private mutating func world() -> World {
        temper = dice.fraction()
        platforms = dice.chance(0.3) ? ["default", "other"] : ["default"]
        let capabilities = drawCapabilities()
        drawBots()
        let configuration = drawConfiguration()
        var happenings = [World.Timed(0, firstCommit())]
        let count = Int(dice.int(2...Int64(6 + temper * 18)))
        for _ in 0..<count {
            let timed = World.Timed(dice.int(1_000...activeFor), happening())
            happenings.append(timed)
            happenings += insisting(timed)
        }
        happenings.sort { $0.at < $1.at }
        return World(
            seed: seed, configuration: configuration, capabilities: capabilities,
            intervals: LookRhythm.Intervals(
                look: dice.pick([.seconds(30), .minutes(1), .minutes(2)]), pass: dice.pick([.minutes(2), .minutes(5)])),
            bots: bots, happenings: happenings, rates: drawRates(), faultsEndAt: activeFor + 60_000,
            isRepaired: dice.chance(0.6), areLax: dice.chance(0.5), isReleased: dice.chance(0.7))
    }

    private mutating func drawCapabilities() -> [String: PlatformCapabilities] {
        var found: [String: PlatformCapabilities] = [:]
        for name in platforms {
            found[name] = PlatformCapabilities(
                jobs: !(name == "other" && dice.chance(0.3)), sessions: !(name == "other" && dice.chance(0.15)),
                intents: !(name == "other" && dice.chance(0.15)))
        }
        return found
    }

    private mutating func drawBots() {
        // More than eight jobs at a time are watched in another way.
        let most: Int64 = dice.chance(0.03) ? 12 : dice.chance(0.2) ? 7 : 4
        let count = Int(dice.int((most > 8 ? 9 : 1)...most))
        for number in 1...count {
            let isTwin = number > 1 && dice.chance(0.2)
            let platform = dice.pick(platforms)
            // A twin is the same bot in another environment.
            let other = isTwin ? bots.first { $0.key.environment == "PRODUCTION" } : nil
            let key =
                other.map { BotKey(platform: $0.key.platform, botId: $0.key.botId, environment: "STAGING") }
                ?? BotKey(platform: platform, botId: "b\(number)", environment: "PRODUCTION")
            if bots.contains(where: { $0.key == key }) { continue }
            let letter = key.environment == "STAGING" ? "s" : "v"
            var versions: [WorldVersion] = []
            for index in 1...Int(dice.int(3...6)) {
                var version = WorldVersion(id: "\(letter)\(index)")
                if index > 1 {
                    version.isPublished = !dice.chance(0.08)
                    version.fails = dice.chance(0.12)
                    version.isBad = dice.chance(0.2)
                    version.isFlaky = dice.chance(0.08)
                    version.hangs = dice.chance(0.06)
                }
                versions.append(version)
            }
            bots.append(
                WorldBot(
                    name: "a\(number)", key: key, labels: ["team": dice.pick(["red", "blue"])], versions: versions,
                    servesFirst: dice.chance(0.7) ? dice.pick(versions).id : nil,
                    jobTime: .milliseconds(dice.span(200, 120_000)),
                    sessions: dice.chance(0.25) ? Int(dice.int(1...3)) : 0))
        }
    }

    private mutating func drawConfiguration() -> Configuration {
        var configuration = Configuration(
            source: SourceSettings(url: "/bots.git"), platforms: [], audit: AuditSettings(file: "audit.jsonl"),
            state: "ballast.db")
        for name in platforms {
            var platform = PlatformSettings(name: name, url: "https://\(name).example", credential: .apiKey([]))
            platform.timeout = .seconds(dice.int(5...30))
            platform.rateLimit = PlatformSettings.RateLimit(
                requests: Int(dice.pick([30, 120, 600] as [Int64])), per: .minutes(1))
            platform.maxConcurrentRequests = Int(dice.int(1...16))
            configuration.platforms.append(platform)
        }
        var reconcile = ReconcileSettings()
        reconcile.maxConcurrentRollouts = Int(dice.pick([1, 2, 16] as [Int64]))
        reconcile.maxBotsPerCommit = dice.chance(0.25) ? Int(dice.int(1...3)) : 50
        reconcile.driftThreshold = Int(dice.int(1...2))
        reconcile.haltFailures = dice.chance(0.4) ? Int(dice.int(1...2)) : 50
        reconcile.rolloutTimeout = .minutes(dice.int(3...15))
        reconcile.verifyTimeout = .seconds(dice.int(20...300))
        reconcile.contest = .minutes(dice.int(5...60))
        configuration.reconcile = reconcile
        configuration.source.trust.signatures = dice.chance(0.2) ? .require : .none
        configuration.source.trust.rewrites = dice.chance(0.4) ? .accept : .refuse
        configuration.audit.required = dice.chance(0.4)
        configuration.notifications = drawSinks()
        sinks = configuration.notifications.map(\.name)
        return configuration
    }

    private mutating func drawSinks() -> [SinkSettings] {
        var found: [SinkSettings] = []
        for number in 0..<Int(dice.int(0...2)) {
            var sink = SinkSettings(name: "sink\(number)", url: .literal("https://sink\(number).example"))
            if dice.chance(0.3) { sink.events = ["rollout.*"] }
            if dice.chance(0.15) { sink.labels = ["team": "red"] }
            if dice.chance(0.15) { sink.kind = .githubStatus }
            found.append(sink)
        }
        return found
    }

    private mutating func drawRates() -> FaultRates {
        var rates: [FaultKind: Double] = [:]
        let scale = dice.chance(0.12) ? 0 : temper * temper
        let share = dice.fraction()
        for kind in FaultKind.drawn {
            guard dice.chance(share) else { continue }
            let most =
                switch kind {
                case .diskFull, .crashBeforeCommit, .crashAfterCommit, .crashBetweenEffects: 0.015
                case .crashInAppend: 0.03
                case .logUnwritable: 0.1
                case .sinkGone, .forbidden, .unauthorized: 0.02
                case .rateLimited, .notFound, .otherJobsAnswer, .statusRegresses: 0.05
                case .conflictDependencies, .conflictSessions, .conflictInFlight, .conflictUnclear, .invalid: 0.1
                case .lostAfter, .late, .doneButServerError, .lostBefore, .arrivesTwice: 0.2
                default: 0.1
                }
            rates[kind] = dice.fraction() * most * scale * 2
        }
        return FaultRates(rates: rates)
    }
}

extension WorldDraw {
    /// Every bot is declared, mostly as what it serves.
    private mutating func firstCommit() -> Happening {
        var changes: [Int: Happening.Change] = [:]
        for index in bots.indices {
            let version = dice.chance(0.5) ? bots[index].servesFirst ?? "" : dice.pick(bots[index].versions).id
            changes[index] = .manifest(spec(index, version: version.isEmpty ? bots[index].versions[0].id : version))
        }
        return .commit(changes, isSigned: true)
    }

    private mutating func change(_ index: Int) -> Happening.Change {
        if dice.chance(0.05) { return .removed }
        if dice.chance(0.05) { return .bad }
        return .manifest(spec(index, version: dice.pick(bots[index].versions).id))
    }

    private mutating func changes() -> [Int: Happening.Change] {
        var changes: [Int: Happening.Change] = [:]
        let all = dice.chance(0.2)
        for index in bots.indices where all || dice.chance(1.2 / Double(bots.count)) { changes[index] = change(index) }
        if changes.isEmpty {
            let index = dice.index(bots.count)
            changes[index] = change(index)
        }
        return changes
    }

    private mutating func happening() -> Happening {
        let bot = dice.index(bots.count)
        switch dice.index(100) {
        case 0..<34: return .commit(changes(), isSigned: dice.chance(0.8))
        case 34..<40: return .revert(isSigned: dice.chance(0.8))
        case 40..<42: return .rewind(Int(dice.int(1...2)))
        case 42..<43: return .rewrite(changes())
        case 43..<51:
            return .deployed(
                bot: bot, version: dice.pick(bots[bot].versions).id,
                by: dice.chance(0.15) ? .otherBallast : .person, takes: .milliseconds(dice.span(0, 300_000)))
        case 51..<57: return .sessions(bot: bot, dice.chance(0.5) ? 0 : Int(dice.int(1...3)))
        case 57..<60: return .published(bot: bot, version: dice.pick(bots[bot].versions).id, dice.chance(0.6))
        case 60..<78: return .decision(choice(bot))
        case 78..<81: return .hook
        case 81..<83: return .pass
        case 83..<85: return .clock(dice.chance(0.5) ? dice.int(-86_400_000...86_400_000) : dice.int(-60_000...60_000))
        case 85..<89: return .killed(.milliseconds(dice.span(0, 600_000)))
        case 89..<91: return .stopped(.milliseconds(dice.span(0, 600_000)))
        case 91..<92: return .second
        case 92..<98: return .away(place(), .milliseconds(dice.span(1_000, 900_000)))
        default: return .strangersNote
        }
    }

    /// Some people deploy again what was put back.
    private mutating func insisting(_ timed: World.Timed) -> [World.Timed] {
        guard case .deployed = timed.what, dice.chance(0.35) else { return [] }
        var (again, at) = ([World.Timed](), timed.at)
        for _ in 0..<Int(dice.int(1...3)) {
            at += dice.int(60_000...900_000)
            if at <= activeFor { again.append(World.Timed(at, timed.what)) }
        }
        return again
    }

    private mutating func place() -> Happening.Place {
        switch dice.index(3) {
        case 0: return .remote
        case 1 where !sinks.isEmpty: return .sink(dice.pick(sinks))
        default: return .platform(dice.pick(platforms))
        }
    }

    private mutating func choice(_ bot: Int) -> Happening.Choice {
        let platform = dice.pick(platforms)
        let scope: (Int?, String?) = dice.chance(0.8) ? (bot, nil) : dice.chance(0.5) ? (nil, platform) : (nil, nil)
        switch dice.index(12) {
        case 0..<3: return .release(bot: bot)
        case 3: return .releasePlatform(platform)
        case 4: return .waive(bot: bot, dice.pick([.sessions, .window, .cooldown, .halt, .contested]))
        case 5..<7:
            return .suspend(
                bot: scope.0, platform: scope.1,
                dice.chance(0.7) ? .milliseconds(dice.span(30_000, 1_800_000)) : nil)
        case 7: return .resume(bot: scope.0, platform: scope.1)
        case 8: return .approve(mayOverrideTrust: dice.chance(0.8))
        case 9: return .approveDrift(platform)
        case 10:
            return .rollback(bot: bot, version: dice.chance(0.7) ? dice.pick(bots[bot].versions).id : nil)
        default: return .enableSinks
        }
    }

    private mutating func spec(_ index: Int, version: String) -> Manifest.Spec {
        let bot = bots[index]
        var spec = Manifest.Spec(
            platform: bot.key.platform, botId: bot.key.botId, environment: bot.key.environment, version: version)
        if dice.chance(0.2) { spec.fallbackVersion = dice.pick(bot.versions).id }
        if dice.chance(0.04) { spec.mode = .alert }
        if dice.chance(0.05) { spec.selfHeal = false }
        if dice.chance(0.04) { spec.suspend = true }
        if dice.chance(0.15) { spec.onFailure = .hold }
        spec.guards.maxActiveSessions = dice.chance(0.7) ? 0 : Int(dice.int(1...2))
        spec.guards.drainTimeout = .milliseconds(dice.span(30_000, 900_000))
        if dice.chance(0.15) { spec.guards.validateDependencies = false }
        if dice.chance(0.1) { spec.guards.requirePublished = false }
        if dice.chance(0.2) { spec.guards.cooldown = .milliseconds(dice.span(30_000, 600_000)) }
        if dice.chance(0.1) { spec.guards.windows = [window()] }
        for number in 0..<(dice.chance(0.3) ? 0 : Int(dice.int(1...2))) {
            var test = VerifyCase(message: "order \(number)", intent: "order_support", minConfidence: 0.8)
            test.attempts = Int(dice.int(1...3))
            test.require = Int(dice.int(1...Int64(test.attempts)))
            spec.verify.append(test)
        }
        return spec
    }

    /// Once a day, so that whether it is open can be told without a schedule's arithmetic.
    private mutating func window() -> Window {
        let start = Simulation.firstWall / 60_000 + dice.int(0...150)
        let (hour, minute) = (start / 60 % 24, start % 60)
        return Window(
            kind: dice.chance(0.7) ? .deny : .allow, schedule: "\(minute) \(hour) * * *",
            duration: .minutes(dice.int(10...90)), allowRollback: dice.chance(0.4))
    }
}
