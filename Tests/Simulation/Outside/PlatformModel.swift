package import Domain

/// A bot platform in memory. Its time is true time: nobody's clock moves it.
package struct PlatformModel: Sendable {
    package struct Job: Sendable {
        package var info: JobInfo
        package var endsAt: Int64
        /// Serves in the target's place when it completes.
        package var really: String?
        /// What Ballast asked for with it; nil: somebody else's.
        package var request: DeploymentRequest?
        package var begunAt: Int64
    }

    package let name: String
    package let capabilities: PlatformCapabilities
    package let isLax: Bool
    package private(set) var jobs: [Job] = []
    package var bots: [WorldBot]
    package var sessions: [BotKey: Int] = [:]
    /// Platforms without jobs switch before they answer, or never.
    private var serving: [BotKey: String] = [:]
    private var turns = 0

    package init(_ name: String, _ world: World) {
        self.name = name
        capabilities = world.capabilities[name] ?? PlatformCapabilities()
        isLax = world.areLax
        bots = world.bots.filter { $0.key.platform == name }
        for bot in bots {
            sessions[bot.key] = bot.sessions
            guard let version = bot.servesFirst else { continue }
            append(bot.key, version, by: "console", key: nil, request: nil, at: 0, takes: .zero)
        }
        settle(at: 0)
    }

    package func serves(_ key: BotKey) -> String? {
        if !capabilities.jobs { return serving[key] }
        return Observation.latest(in: newestFirst(key.botId, key.environment).map(\.info))?.version
    }

    package func openJobs(of key: BotKey) -> [Job] {
        jobs.filter { $0.info.botId == key.botId && $0.info.environment == key.environment && !$0.info.state.hasEnded }
    }

    package mutating func deploys(
        _ key: BotKey, _ version: String, by: String, key idempotency: String?, takes: Span, at: Int64
    ) {
        settle(at: at)
        append(key, version, by: by, key: idempotency, request: nil, at: at, takes: takes)
        settle(at: at)
    }

    /// What hangs ends now, and what completes brings what it says.
    package mutating func endHanging(at now: Int64) {
        for index in jobs.indices { jobs[index].really = nil }
        for index in jobs.indices where jobs[index].endsAt == .max { jobs[index].endsAt = now }
        for bot in bots.indices {
            for version in bots[bot].versions.indices { bots[bot].versions[version].hangs = false }
        }
        settle(at: now)
    }

    package mutating func settle(at now: Int64) {
        for index in jobs.indices where !jobs[index].info.state.hasEnded && jobs[index].endsAt <= now {
            let job = jobs[index]
            let key = BotKey(platform: name, botId: job.info.botId, environment: job.info.environment)
            let fails = job.request != nil && version(key, job.info.targetVersion)?.fails == true
            jobs[index].info.state = fails ? .failed : .completed
            jobs[index].info.errorMessage = fails ? HostileText.heard("the engine refused") : nil
            jobs[index].info.completedAt = PlatformModel.wall(job.endsAt)
            if let really = job.really, !fails { jobs[index].info.targetVersion = really }
            if !fails { serving[key] = jobs[index].info.targetVersion }
        }
    }

    private static func wall(_ at: Int64) -> Timestamp { Timestamp(milliseconds: Simulation.firstWall + at) }

    private func version(_ key: BotKey, _ id: String) -> WorldVersion? {
        bots.first { $0.key == key }?.version(id)
    }

    @discardableResult
    private mutating func append(
        _ key: BotKey, _ version: String, by: String, key idempotency: String?, request: DeploymentRequest?, at: Int64,
        takes: Span, really: String? = nil
    ) -> String {
        let id = "\(name)-job-\(jobs.count + 1)"
        let hangs = capabilities.jobs && request != nil && self.version(key, version)?.hangs == true
        jobs.append(
            Job(
                info: JobInfo(
                    jobId: id, botId: key.botId, targetVersion: version, environment: key.environment, state: .running,
                    createdAt: PlatformModel.wall(at), createdBy: by, idempotencyKey: idempotency),
                endsAt: hangs ? .max : at + takes.milliseconds, really: really, request: request, begunAt: at))
        return id
    }

    private func newestFirst(_ bot: String?, _ environment: String) -> [Job] {
        jobs.reversed().filter { $0.info.environment == environment && (bot == nil || $0.info.botId == bot) }
    }

    /// The request is here: does what it asks for, and answers.
    package mutating func answer(
        _ request: PlatformRequest, at now: Int64, lie: Fault?
    ) -> Result<PlatformAnswer, PlatformFailure> {
        settle(at: now)
        switch request {
        case .versions(let bot, let page):
            let all = bots.filter { $0.key.botId == bot }
            guard !all.isEmpty else { return .failure(PlatformFailure(.notFound, "no such bot")) }
            let infos = all.flatMap { own in
                own.versions.enumerated().map { index, version in
                    VersionInfo(
                        id: version.id, status: version.isPublished ? "PUBLISHED" : "DRAFT",
                        environment: own.key.environment, createdAt: Timestamp(milliseconds: Int64(index) * 1000))
                }
            }
            return .success(.versions(infos, page: PageInfo(page: page, next: nil, first: infos.first?.id)))
        case .sessions(let bot, let environment, let page):
            guard capabilities.sessions else { return unsupported }
            let key = BotKey(platform: name, botId: bot, environment: environment)
            return .success(.sessions(count: sessions[key] ?? 0, page: PageInfo(page: page, next: nil, first: "s")))
        case .jobs(let bot, let environment, let page):
            guard capabilities.jobs else { return unsupported }
            var found = newestFirst(bot, environment)
            if lie?.kind == .wrongVersionListed, !found.isEmpty { found[0].info.targetVersion = "v0" }
            return .success(self.page(of: found, page))
        case .deployed(let bot, let environment):
            return .success(.deployed(version: serves(BotKey(platform: name, botId: bot, environment: environment))))
        case .status(let id): return status(of: id, lie)
        case .deploy(let request): return deploy(request, at: now, lie)
        case .test(let bot, let environment, _):
            return test(BotKey(platform: name, botId: bot, environment: environment), lie)
        }
    }

    private var unsupported: Result<PlatformAnswer, PlatformFailure> {
        .failure(PlatformFailure(.unsupported, "the platform has no such operation"))
    }

    static let pageSize = 50

    private func page(of jobs: [Job], _ page: Int) -> PlatformAnswer {
        let part = jobs.dropFirst((page - 1) * Self.pageSize).prefix(Self.pageSize).map(\.info)
        let next = page * Self.pageSize < jobs.count ? page + 1 : nil
        return .jobs(Array(part), page: PageInfo(page: page, next: next, first: part.first?.jobId))
    }

    private func status(of id: String, _ lie: Fault?) -> Result<PlatformAnswer, PlatformFailure> {
        guard capabilities.jobs else { return unsupported }
        guard let job = jobs.first(where: { $0.info.jobId == id })?.info else {
            return .failure(PlatformFailure(.notFound, "no job \(id)"))
        }
        switch lie?.kind {
        case .statusRegresses: return .success(.status(.queued, errorMessage: nil))
        case .otherJobsAnswer:
            // The adapter cannot tell whose answer it is where only the state comes; a state that is no end is harmless.
            return .success(.status(job.state.hasEnded ? .running : job.state, errorMessage: nil))
        default: return .success(.status(job.state, errorMessage: job.errorMessage))
        }
    }

    private mutating func test(_ key: BotKey, _ lie: Fault?) -> Result<PlatformAnswer, PlatformFailure> {
        let serves = self.serves(key) ?? ""
        if lie?.kind == .noIntent || !capabilities.intents {
            return .success(.turn(TurnAnswer(intent: nil, confidence: nil, entities: [:], versionId: serves)))
        }
        turns += 1
        let version = version(key, serves)
        let isWrong = version?.isBad == true || (version?.isFlaky == true && turns % 3 == 0)
        return .success(
            .turn(
                TurnAnswer(
                    intent: isWrong ? "smalltalk" : "order_support", confidence: isWrong ? 0.2 : 0.95, entities: [:],
                    versionId: lie?.kind == .wrongTurnVersion ? "v0" : serves)))
    }

    private mutating func deploy(
        _ request: DeploymentRequest, at now: Int64, _ lie: Fault?
    ) -> Result<PlatformAnswer, PlatformFailure> {
        let key = BotKey(platform: name, botId: request.botId, environment: request.environment)
        if let known = jobs.first(where: { $0.info.idempotencyKey == request.idempotencyKey }) {
            return .success(.accepted(jobId: capabilities.jobs ? known.info.jobId : nil))
        }
        let own = bots.first { $0.key == key }
        guard let own, own.version(request.targetVersion) != nil else {
            return .failure(PlatformFailure(.notFound, "no such version"))
        }
        if !isLax {
            if !openJobs(of: key).isEmpty {
                return .failure(PlatformFailure(.conflict(.inFlight), "a deployment is in progress"))
            }
        }
        let others = own.versions.map(\.id).filter { $0 != request.targetVersion }
        let really = lie?.kind == .wrongVersionServes && !others.isEmpty ? others[0] : nil
        let id = append(
            key, request.targetVersion, by: "ballast", key: request.idempotencyKey, request: request, at: now,
            takes: capabilities.jobs ? own.jobTime : .zero, really: really)
        if !capabilities.jobs { settle(at: now) }
        return .success(.accepted(jobId: capabilities.jobs ? id : nil))
    }
}
