import Domain

/// A bot with everything about it; what is left out is as `SimulatedBot` and `SimulatedVersion` have it.
struct BotDocument: Decodable {
    struct Version: Decodable {
        var id: String
        var status: String?
        var environment: String?
        var createdAtMilliseconds: Int64?
        var dependenciesMissing: Bool?
        var intent: String?
        var confidence: Double?
        var entities: [SimulatedTurn.Entity]?
        var latencyMilliseconds: Int64?

        var version: SimulatedVersion {
            var turn = SimulatedTurn.good
            turn.intent = intent ?? turn.intent
            turn.confidence = confidence ?? turn.confidence
            turn.entities = entities ?? turn.entities
            turn.latency = .milliseconds(latencyMilliseconds ?? 0)
            return SimulatedVersion(
                id: id, status: status ?? "PUBLISHED", environment: environment ?? "PRODUCTION",
                createdAt: createdAtMilliseconds.map(Timestamp.init(milliseconds:)),
                dependenciesMissing: dependenciesMissing ?? false, turn: turn)
        }
    }

    var id: String
    var versions: [Version]
    /// Version by environment, deployed by `console`.
    var deployed: [String: String]?
    /// Open sessions by environment.
    var sessions: [String: Int]?

    func apply(to platform: SimulatedPlatform) {
        platform.add(SimulatedBot(id: id, versions: versions.map(\.version)))
        for (environment, version) in (deployed ?? [:]).sorted(by: { $0.key < $1.key }) {
            platform.deployBehindGit(id, version: version, in: environment)
        }
        for (environment, count) in sessions ?? [:] { platform.setSessions(count, of: id, in: environment) }
    }
}

/// Changes of `SimulatorOptions`; what is left out stays.
struct OptionsDocument: Decodable {
    struct RateLimit: Decodable {
        var requests: Int
        var perMilliseconds: Int64
        var retryAfter: SimulatorOptions.RetryAfter?
    }

    var latencyMilliseconds: Int64?
    var queuedForMilliseconds: Int64?
    var runningForMilliseconds: Int64?
    var rateLimit: RateLimit?
    var removeRateLimit: Bool?
    var measuredSpanMilliseconds: Int64?
    var honoursIdempotencyKey: Bool?
    var knowsEnvironmentOfSessions: Bool?
    var knowsEnvironmentOfTests: Bool?
    var namesVersionInTests: Bool?
    var paging: SimulatorOptions.Paging?
    var omittedJobFields: Set<SimulatorOptions.JobField>?
    var refusesWhileDeploying: Bool?
    var maxSessionsForDeployment: Int?

    func apply(to options: inout SimulatorOptions) {
        if let latencyMilliseconds { options.latency = .milliseconds(latencyMilliseconds) }
        if let queuedForMilliseconds { options.queuedFor = .milliseconds(queuedForMilliseconds) }
        if let runningForMilliseconds { options.runningFor = .milliseconds(runningForMilliseconds) }
        if removeRateLimit == true { options.rateLimit = nil }
        if let rateLimit {
            options.rateLimit = SimulatorOptions.RateLimit(
                requests: rateLimit.requests, per: .milliseconds(rateLimit.perMilliseconds),
                retryAfter: rateLimit.retryAfter ?? .seconds)
        }
        if let measuredSpanMilliseconds { options.measuredSpan = .milliseconds(measuredSpanMilliseconds) }
        options.honoursIdempotencyKey = honoursIdempotencyKey ?? options.honoursIdempotencyKey
        options.knowsEnvironmentOfSessions = knowsEnvironmentOfSessions ?? options.knowsEnvironmentOfSessions
        options.knowsEnvironmentOfTests = knowsEnvironmentOfTests ?? options.knowsEnvironmentOfTests
        options.namesVersionInTests = namesVersionInTests ?? options.namesVersionInTests
        options.paging = paging ?? options.paging
        options.omittedJobFields = omittedJobFields ?? options.omittedJobFields
        options.refusesWhileDeploying = refusesWhileDeploying ?? options.refusesWhileDeploying
        options.maxSessionsForDeployment = maxSessionsForDeployment ?? options.maxSessionsForDeployment
    }
}

/// A deployment behind git's back.
struct DeployDocument: Decodable {
    var botId: String
    var versionId: String
    var environment: String?
    var by: String?

    func apply(to platform: SimulatedPlatform) -> String {
        platform.deployBehindGit(
            botId, version: versionId, in: environment ?? "PRODUCTION", by: by ?? "console")
    }
}

/// Open sessions, now and later.
struct SessionsDocument: Decodable {
    struct Step: Decodable {
        var afterMilliseconds: Int64
        var count: Int
    }

    var botId: String
    var environment: String?
    var count: Int
    var then: [Step]?

    func apply(to platform: SimulatedPlatform) {
        platform.setSessions(
            count, of: botId, in: environment ?? "PRODUCTION",
            then: (then ?? []).map { SessionStep(after: .milliseconds($0.afterMilliseconds), count: $0.count) })
    }
}

/// An API key; without `scopes` it may do everything.
struct KeyDocument: Decodable {
    var name: String
    var secret: String
    var scopes: Set<SimulatedKey.Scope>?

    var key: SimulatedKey {
        SimulatedKey(name: name, secret: secret, scopes: scopes ?? Set(SimulatedKey.Scope.allCases))
    }
}
