package import Domain

/// How a simulated platform behaves when no fault is played. Can be changed while it runs.
package struct SimulatorOptions: Sendable, Hashable {
    package enum RetryAfter: String, Sendable, Hashable, Codable { case seconds, httpDate, none }

    /// Sliding window: in no span of `per` are more than `requests` answered, the rest get 429.
    package struct RateLimit: Sendable, Hashable {
        package var requests: Int
        package var per: Span
        package var retryAfter: RetryAfter

        package init(requests: Int, per: Span, retryAfter: RetryAfter = .seconds) {
            self.requests = requests
            self.per = per
            self.retryAfter = retryAfter
        }
    }

    package enum Paging: String, Sendable, Hashable, Codable {
        /// Pages and `pagination`, as specified.
        case specified
        /// Every page is the first page.
        case ignored
        /// Pages, but no `pagination` in the answer.
        case unannounced
    }

    /// What nobody is promised, and a client may only use where it is there.
    package enum JobField: String, Sendable, Hashable, Codable, CaseIterable {
        case action, completedAt, createdBy, idempotencyKey
    }

    /// Every draw comes from it.
    package var seed: UInt64 = 1
    /// Added to every request before its work is done.
    package var latency = Span.zero
    /// How long a job is QUEUED, and then RUNNING.
    package var queuedFor = Span.milliseconds(50)
    package var runningFor = Span.milliseconds(150)
    package var rateLimit: RateLimit?
    package var honoursIdempotencyKey = true
    /// Off: sessions of all environments are counted together.
    package var knowsEnvironmentOfSessions = true
    /// Off: a test is answered by the version that serves in the first environment of the bot.
    package var knowsEnvironmentOfTests = true
    /// Off: the answer of a test does not say which version gave it.
    package var namesVersionInTests = true
    package var paging = Paging.specified
    package var omittedJobFields: Set<JobField> = []
    /// Off: a deployment is accepted while another one of the same bot and environment runs.
    package var refusesWhileDeploying = true
    /// More open sessions than this make the platform itself refuse a deployment; `nil`: it never does.
    package var maxSessionsForDeployment: Int?
    /// The span over which the highest number of requests is measured where there is no rate limit.
    package var measuredSpan = Span.minutes(1)

    package init() {}

    var spanToMeasure: Span { rateLimit?.per ?? measuredSpan }
}

/// A long-lived key, or what an OAuth2 client may do.
package struct SimulatedKey: Sendable, Hashable {
    package enum Scope: String, Sendable, Hashable, Codable, CaseIterable {
        case manageBots = "bot:manage"
        case writeDeployments = "deployment:write"
        case readSessions = "session:read"
        case readEnvironments = "environment:read"
    }

    /// Shown as `createdBy` of the jobs that it makes.
    package var name: String
    package var secret: String
    package var scopes: Set<Scope>

    package init(name: String, secret: String, scopes: Set<Scope> = Set(Scope.allCases)) {
        self.name = name
        self.secret = secret
        self.scopes = scopes
    }
}

/// A client of the token endpoint, `POST /oauth/token` with `grant_type=client_credentials`.
package struct SimulatedClient: Sendable, Hashable {
    package var id: String
    package var secret: String
    package var scopes: Set<SimulatedKey.Scope>
    package var tokenLifetime: Span

    package init(
        id: String, secret: String, scopes: Set<SimulatedKey.Scope> = Set(SimulatedKey.Scope.allCases),
        tokenLifetime: Span = .hours(1)
    ) {
        self.id = id
        self.secret = secret
        self.scopes = scopes
        self.tokenLifetime = tokenLifetime
    }
}
