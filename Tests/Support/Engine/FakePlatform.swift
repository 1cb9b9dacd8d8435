package import Domain

/// A bot platform in memory with a clock that is handed in: jobs that run, sessions, faults that are played by number.
package struct FakePlatform: Sendable {
    package struct Bot: Sendable {
        package var versions: [VersionInfo]
        package var sessions = 0
        /// Versions that fail a verification.
        package var bad: Set<String> = []
        /// Versions whose job fails.
        package var failing: Set<String> = []
        package var hanging: Set<String> = []
    }

    package struct Job: Sendable {
        package var info: JobInfo
        package var endsAt: Tick
    }

    /// What happens to one request instead of the ordinary answer.
    package enum Fault: Sendable {
        case failure(PlatformFailure)
        /// The work is done, and the answer is lost.
        case lostAfter
        /// Takes that long.
        case delay(Span)
    }

    package var bots: [String: Bot] = [:]
    package var jobs: [Job] = []
    package var jobTime = Span.seconds(1)
    /// Jobs on one page of a list.
    package var pageSize = 50
    /// Sessions on one page of their list; nil: all.
    package var sessionPageSize: Int?
    package var capabilities = PlatformCapabilities()
    /// Answers the first page, whatever page is asked for.
    package var ignoresPaging = false
    /// Bots that the feed of an environment leaves out.
    package var hidden: Set<String> = []
    /// Asked before each request; the first argument counts requests from 1.
    package var fault: @Sendable (Int, PlatformRequest) -> Fault? = { _, _ in nil }
    package private(set) var requests: [PlatformRequest] = []
    package private(set) var posts: [DeploymentRequest] = []
    /// Two jobs of one bot that ran at the same time, which must never be.
    package private(set) var overlaps = 0

    package init() {}

    package mutating func add(_ bot: String, versions: [String], environment: String = "PRODUCTION") {
        bots[bot] = Bot(
            versions: versions.enumerated().map { index, id in
                VersionInfo(
                    id: id, status: "PUBLISHED", environment: environment,
                    createdAt: Timestamp(milliseconds: Int64(index) * 1000))
            })
    }

    /// Somebody deploys behind git's back.
    package mutating func deploy(
        _ bot: String, _ version: String, by: String = "console", key: String? = nil, at now: Now
    ) {
        settle(at: now.tick)
        append(bot, version, "PRODUCTION", by: by, key: key, now: now, endsAt: now.tick, isDone: true)
    }

    /// Somebody's deployment that runs as long as this platform's jobs do; for ever where its version hangs.
    package mutating func begin(_ bot: String, _ version: String, by: String = "console", at now: Now) {
        settle(at: now.tick)
        let hangs = bots[bot]?.hanging.contains(version) ?? false
        let ends = hangs ? Tick(milliseconds: .max) : now.tick + jobTime
        append(bot, version, "PRODUCTION", by: by, key: nil, now: now, endsAt: ends, isDone: false)
    }

    /// The jobs of that bot that hang are done now.
    package mutating func finish(_ bot: String, at now: Now) {
        for index in jobs.indices where jobs[index].info.botId == bot && !jobs[index].info.state.hasEnded {
            jobs[index].endsAt = now.tick
        }
    }

    package func serving(_ bot: String, _ environment: String = "PRODUCTION", at now: Tick) -> String? {
        var copy = self
        copy.settle(at: now)
        return Observation.latest(in: copy.newestFirst(bot, environment))?.version
    }

    package mutating func answer(_ request: PlatformRequest, at now: Now) -> (PlatformExchange, after: Span) {
        settle(at: now.tick)
        requests.append(request)
        switch fault(requests.count, request) {
        case .failure(let failure): return (PlatformExchange(result: .failure(failure)), .milliseconds(10))
        case .lostAfter:
            _ = ordinary(request, at: now)
            return (
                PlatformExchange(result: .failure(PlatformFailure(.lost, "the connection broke"))), .milliseconds(10)
            )
        case .delay(let span): return (ordinary(request, at: now), span)
        case nil: return (ordinary(request, at: now), .milliseconds(10))
        }
    }

    private mutating func ordinary(_ request: PlatformRequest, at now: Now) -> PlatformExchange {
        switch result(request, at: now) {
        case .success(let answer): PlatformExchange(result: .success(answer), latencyMilliseconds: 5, status: 200)
        case .failure(let failure): PlatformExchange(result: .failure(failure), latencyMilliseconds: 5, status: 400)
        }
    }

    private mutating func result(
        _ request: PlatformRequest, at now: Now
    ) -> Result<PlatformAnswer, PlatformFailure> {
        if let failure = lacking(request) { return .failure(failure) }
        switch request {
        case .versions(let bot, _):
            guard let bot = bots[bot] else { return .failure(PlatformFailure(.notFound, "no such bot")) }
            return .success(.versions(bot.versions, page: PageInfo(page: 1, next: nil, first: bot.versions.first?.id)))
        case .sessions(let bot, _, let page):
            let count = bots[bot]?.sessions ?? 0
            if let size = sessionPageSize {
                let left = max(0, count - (page - 1) * size)
                let next = left > size ? page + 1 : nil
                return .success(
                    .sessions(count: min(left, size), page: PageInfo(page: page, next: next, first: "s\(page)")))
            }
            return .success(.sessions(count: count, page: PageInfo(page: 1, next: nil, first: nil)))
        case .jobs(let bot, let environment, let page):
            return .success(self.page(of: newestFirst(bot, environment), page))
        case .deployed(let bot, let environment):
            return .success(.deployed(version: Observation.latest(in: newestFirst(bot, environment))?.version))
        case .status(let id):
            guard let job = jobs.first(where: { $0.info.jobId == id })?.info else {
                return .failure(PlatformFailure(.notFound, "no job \(id)"))
            }
            return .success(.status(job.state, errorMessage: job.errorMessage))
        case .deploy(let request): return deploy(request, at: now)
        case .test(let bot, let environment, _):
            let version = Observation.latest(in: newestFirst(bot, environment))?.version ?? ""
            guard capabilities.intents else {
                return .success(.turn(TurnAnswer(intent: nil, confidence: nil, entities: [:], versionId: version)))
            }
            let isBad = bots[bot]?.bad.contains(version) ?? false
            return .success(
                .turn(
                    TurnAnswer(
                        intent: isBad ? "smalltalk" : "order_support", confidence: isBad ? 0.2 : 0.95, entities: [:],
                        versionId: version)))
        }
    }

    private func lacking(_ request: PlatformRequest) -> PlatformFailure? {
        switch request {
        case .sessions where !capabilities.sessions, .jobs where !capabilities.jobs, .status where !capabilities.jobs:
            PlatformFailure(.unsupported, "the platform has no such operation")
        default: nil
        }
    }

    private mutating func deploy(
        _ request: DeploymentRequest, at now: Now
    ) -> Result<PlatformAnswer, PlatformFailure> {
        posts.append(request)
        if let known = jobs.first(where: { $0.info.idempotencyKey == request.idempotencyKey }) {
            return .success(.accepted(jobId: known.info.jobId))
        }
        let running = jobs.contains { job in
            job.info.botId == request.botId && job.info.environment == request.environment && !job.info.state.hasEnded
        }
        if running {
            overlaps += 1
            return .failure(PlatformFailure(.conflict(.inFlight), "a deployment is in progress"))
        }
        let isHanging = bots[request.botId]?.hanging.contains(request.targetVersion) ?? false
        let takes = capabilities.jobs ? jobTime : .zero
        let ends = isHanging ? Tick(milliseconds: .max) : now.tick + takes
        let id = append(
            request.botId, request.targetVersion, request.environment, by: "ballast", key: request.idempotencyKey,
            now: now, endsAt: ends, isDone: false)
        return .success(.accepted(jobId: capabilities.jobs ? id : nil))
    }

    @discardableResult
    private mutating func append(
        _ bot: String, _ version: String, _ environment: String, by: String, key: String?, now: Now, endsAt: Tick,
        isDone: Bool
    ) -> String {
        let id = "job_\(jobs.count + 1)"
        jobs.append(
            Job(
                info: JobInfo(
                    jobId: id, botId: bot, targetVersion: version, environment: environment,
                    state: isDone ? .completed : .running, createdAt: now.wall, completedAt: isDone ? now.wall : nil,
                    createdBy: by, idempotencyKey: key), endsAt: endsAt))
        return id
    }

    private mutating func settle(at now: Tick) {
        for index in jobs.indices where !jobs[index].info.state.hasEnded && jobs[index].endsAt <= now {
            let job = jobs[index].info
            let fails = bots[job.botId]?.failing.contains(job.targetVersion) ?? false
            jobs[index].info.state = fails ? .failed : .completed
            jobs[index].info.errorMessage = fails ? "the engine refused" : nil
            jobs[index].info.completedAt = Timestamp(milliseconds: jobs[index].endsAt.milliseconds)
        }
    }

    private func newestFirst(_ bot: String?, _ environment: String) -> [JobInfo] {
        jobs.reversed().map(\.info).filter { job in
            job.environment == environment && (bot.map { $0 == job.botId } ?? !hidden.contains(job.botId))
        }
    }

    private func page(of jobs: [JobInfo], _ page: Int) -> PlatformAnswer {
        let part = Array(jobs.dropFirst(ignoresPaging ? 0 : (page - 1) * pageSize).prefix(pageSize))
        let hasMore = page * pageSize < jobs.count
        return .jobs(part, page: PageInfo(page: page, next: hasMore ? page + 1 : nil, first: part.first?.jobId))
    }
}
