import Domain

/// A bot in an environment.
struct Place: Hashable, Sendable {
    var botId: String
    var environment: String
}

/// What the platform knows of one place.
struct Placement: Sendable {
    /// The version that answers.
    var served: String?
    /// Indexes of all jobs, ascending, and of those that may still change something.
    var jobs: [Int] = []
    var open: [Int] = []
    var sessionsFrom = Timestamp(milliseconds: 0)
    /// In order of time; the last one that has begun counts.
    var sessions: [SessionStep] = []

    func openSessions(at now: Timestamp) -> Int {
        let passed = now.milliseconds - sessionsFrom.milliseconds
        return sessions.last { $0.after.milliseconds <= passed }?.count ?? 0
    }
}

/// The whole state of a simulated platform: a value that is asked and changed with the time as an argument.
struct World: Sendable {
    var options: SimulatorOptions
    var bots: [String: SimulatedBot] = [:]
    var placements: [Place: Placement] = [:]
    /// Environments of each bot, in the order in which they were first used.
    var environments: [String: [String]] = [:]
    /// Append-only; the indexes hold positions in it, ascending.
    var jobs: [SimulatedJob] = []
    var jobsByEnvironment: [String: [Int]] = [:]
    var jobsByBot: [String: [Int]] = [:]
    var jobByKey: [String: Int] = [:]
    var credentials = Credentials()
    var faults: [ArmedFault] = []
    var faultsArmed: UInt64 = 0
    var log = RequestLog()
    var limiter = SlidingWindow()
    /// How far the platform's time was moved ahead of the real one.
    var skipped = Span.zero

    init(options: SimulatorOptions) { self.options = options }

    mutating func add(_ bot: SimulatedBot, now: Timestamp) {
        var bot = bot
        let hour: Int64 = 3_600_000
        for index in bot.versions.indices where bot.versions[index].createdAt == nil {
            let daysBefore = Int64(bot.versions.count - 1 - index)
            bot.versions[index].createdAt = Timestamp(milliseconds: now.milliseconds - hour - daysBefore * 24 * hour)
        }
        bots[bot.id] = bot
    }

    mutating func setSessions(_ steps: [SessionStep], at place: Place, now: Timestamp) {
        update(place) { placement in
            placement.sessionsFrom = now
            placement.sessions = steps.sorted { $0.after < $1.after }
        }
    }

    mutating func arm(_ rule: FaultRule) {
        faultsArmed += 1
        faults.append(ArmedFault(rule: rule, seed: options.seed, stream: faultsArmed))
    }

    mutating func update<Result>(_ place: Place, _ change: (inout Placement) -> Result) -> Result {
        if placements[place] == nil { environments[place.botId, default: []].append(place.environment) }
        return change(&placements[place, default: Placement()])
    }

    func version(_ id: String, of botId: String) -> SimulatedVersion? {
        bots[botId]?.versions.first { $0.id == id }
    }

    /// Lets the jobs of a place that ended until now take effect, in the order in which they ended.
    mutating func settle(_ place: Place, now: Timestamp) {
        guard let placement = placements[place], !placement.open.isEmpty else { return }
        let ended = placement.open.filter { jobs[$0].isSettled(at: now) }
            .sorted { (jobs[$0].switchesAt, $0) < (jobs[$1].switchesAt, $1) }
        guard !ended.isEmpty else { return }
        var served = placement.served
        for index in ended { served = jobs[index].switchedTo ?? served }
        let open = placement.open.filter { !jobs[$0].isSettled(at: now) }
        update(place) { placement in
            placement.served = served
            placement.open = open
        }
    }

    /// The version that answers there now.
    mutating func served(at place: Place, now: Timestamp) -> String? {
        settle(place, now: now)
        return placements[place]?.served
    }

    /// Adds a job. - Returns: its position.
    mutating func append(
        _ place: Place, version: String, action: String, by creator: String?, key: String?, script: JobScript,
        now: Timestamp
    ) -> Int {
        settle(place, now: now)
        let index = jobs.count
        jobs.append(
            SimulatedJob(
                id: "job_\(index + 1)", botId: place.botId, environment: place.environment,
                targetVersionId: version, action: action, createdAt: now, createdBy: creator, idempotencyKey: key,
                script: script))
        jobsByEnvironment[place.environment, default: []].append(index)
        jobsByBot[place.botId, default: []].append(index)
        if let key { jobByKey[key] = index }
        update(place) { placement in
            placement.jobs.append(index)
            placement.open.append(index)
        }
        settle(place, now: now)
        return index
    }

    /// Jobs are numbered in order, so that an id names its position.
    func position(of jobId: String) -> Int? {
        guard jobId.hasPrefix("job_"), let number = Int(jobId.dropFirst(4)), number >= 1, number <= jobs.count,
            jobs[number - 1].id == jobId
        else { return nil }
        return number - 1
    }
}
