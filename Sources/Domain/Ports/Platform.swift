/// A bot platform: one exchange per call, classified, without retry or sleep; who asks again, and when, the engine decides.
package protocol Platform: Sendable {
    var capabilities: PlatformCapabilities { get }
    /// - Parameter renewCredentials: after a 401: a token is fetched anew, a key file is read again, before the request is sent.
    func perform(_ request: PlatformRequest, renewCredentials: Bool) async -> PlatformExchange
}

/// What not every platform offers. A platform without jobs answers `deploy` when the switch is made and `deployed` for what serves.
package struct PlatformCapabilities: Hashable, Codable, Sendable {
    package var jobs: Bool
    package var sessions: Bool
    package var intents: Bool

    package init(jobs: Bool = true, sessions: Bool = true, intents: Bool = true) {
        self.jobs = jobs
        self.sessions = sessions
        self.intents = intents
    }
}

/// One request. Pages count from 1.
package enum PlatformRequest: Hashable, Codable, Sendable {
    case versions(botId: String, page: Int)
    case sessions(botId: String, environment: String, page: Int)
    /// Newest first; without `botId` the feed of an environment.
    case jobs(botId: String?, environment: String, page: Int)
    /// The deployed version, for platforms without jobs.
    case deployed(botId: String, environment: String)
    case status(jobId: String)
    case deploy(DeploymentRequest)
    case test(botId: String, environment: String, message: String)

    /// Only a mutation is never sent twice on a guess.
    package var isMutation: Bool {
        if case .deploy = self { true } else { false }
    }

    /// The OpenAPI operation id, for records and metrics.
    package var operation: String {
        switch self {
        case .versions: "listVersions"
        case .sessions: "listSessions"
        case .jobs: "listDeployments"
        case .deployed: "getDeployed"
        case .status: "getDeploymentStatus"
        case .deploy: "createDeployment"
        case .test: "testBot"
        }
    }
}

/// The body of `POST /api/v1/deployments`; `force` is not a field here because it is never true.
package struct DeploymentRequest: Hashable, Codable, Sendable {
    package var botId: String
    package var targetVersion: String
    package var environment: String
    package var direction: Direction
    package var validateDependencies: Bool
    package var idempotencyKey: String

    package init(
        botId: String, targetVersion: String, environment: String, direction: Direction, validateDependencies: Bool,
        idempotencyKey: String
    ) {
        self.botId = botId
        self.targetVersion = targetVersion
        self.environment = environment
        self.direction = direction
        self.validateDependencies = validateDependencies
        self.idempotencyKey = idempotencyKey
    }
}

/// `rollback` where the target is older than the deployed version or the order is unknown, else `deployment`.
package enum Direction: String, Hashable, Codable, Sendable, CaseIterable { case rollback, deployment }

package struct PlatformExchange: Sendable {
    package var result: Result<PlatformAnswer, PlatformFailure>
    /// From the first byte sent to the last received, in milliseconds with fractions.
    package var latencyMilliseconds: Double
    /// The status line's code, where there was one.
    package var status: Int?
    /// Lower-case hex SHA-256 of the request's body and of the answer's body, for the audit record; nil where there was none.
    package var requestDigest: String?
    package var answerDigest: String?

    package init(
        result: Result<PlatformAnswer, PlatformFailure>, latencyMilliseconds: Double = 0, status: Int? = nil,
        requestDigest: String? = nil, answerDigest: String? = nil
    ) {
        self.result = result
        self.latencyMilliseconds = latencyMilliseconds
        self.status = status
        self.requestDigest = requestDigest
        self.answerDigest = answerDigest
    }
}

package enum PlatformAnswer: Hashable, Sendable {
    case versions([VersionInfo], page: PageInfo)
    case sessions(count: Int, page: PageInfo)
    case jobs([JobInfo], page: PageInfo)
    case deployed(version: String?)
    case status(JobState, errorMessage: String?)
    /// `jobId` is nil on a platform without jobs.
    case accepted(jobId: String?)
    case turn(TurnAnswer)
}

/// Whether a further page follows: a page that is short, empty or reaches `pagination.total` is the last.
package struct PageInfo: Hashable, Sendable {
    package var page: Int
    package var next: Int?
    /// Identifies the page's content, to notice a server that ignores paging; the first item's id is enough.
    package var first: String?

    package init(page: Int, next: Int?, first: String?) {
        self.page = page
        self.next = next
        self.first = first
    }
}

package struct VersionInfo: Hashable, Codable, Sendable {
    package var id: String
    package var status: String
    package var environment: String?
    package var createdAt: Timestamp?

    package init(id: String, status: String, environment: String?, createdAt: Timestamp?) {
        self.id = id
        self.status = status
        self.environment = environment
        self.createdAt = createdAt
    }
}

package enum JobState: String, Hashable, Codable, Sendable, CaseIterable {
    case queued = "QUEUED"
    case running = "RUNNING"
    case completed = "COMPLETED"
    case failed = "FAILED"

    package var hasEnded: Bool { self == .completed || self == .failed }
}

package struct JobInfo: Hashable, Codable, Sendable {
    package var jobId: String
    package var botId: String
    package var targetVersion: String
    package var environment: String
    package var state: JobState
    package var errorMessage: String?
    package var createdAt: Timestamp
    package var completedAt: Timestamp?
    package var createdBy: String?
    package var idempotencyKey: String?

    package init(
        jobId: String, botId: String, targetVersion: String, environment: String, state: JobState,
        errorMessage: String? = nil, createdAt: Timestamp, completedAt: Timestamp? = nil, createdBy: String? = nil,
        idempotencyKey: String? = nil
    ) {
        self.jobId = jobId
        self.botId = botId
        self.targetVersion = targetVersion
        self.environment = environment
        self.state = state
        self.errorMessage = errorMessage
        self.createdAt = createdAt
        self.completedAt = completedAt
        self.createdBy = createdBy
        self.idempotencyKey = idempotencyKey
    }
}

/// What the bot understood of one synthetic turn. A missing intent is not an intent of another name.
package struct TurnAnswer: Hashable, Codable, Sendable {
    package var intent: String?
    package var confidence: Double?
    package var entities: [String: String]
    package var versionId: String?

    package init(intent: String?, confidence: Double?, entities: [String: String], versionId: String?) {
        self.intent = intent
        self.confidence = confidence
        self.entities = entities
        self.versionId = versionId
    }
}

/// Why an exchange gave no answer, by what may be concluded from it.
package struct PlatformFailure: Error, Hashable, Sendable {
    package enum Kind: Hashable, Codable, Sendable {
        /// Name, connection, TLS, or no free connection: nothing left this machine.
        case notSent
        /// Sent, or possibly sent, and no whole answer came.
        case lost
        case unauthorized
        case forbidden
        case notFound
        /// 400, 422: refused for what was asked.
        case invalid
        case conflict(Conflict)
        case rateLimited
        /// 3xx, 408, 5xx, HTML, `success: false`, a 200 that lacks what it must have: for a mutation its fate is unknown.
        case unclear
        /// The platform has no such operation.
        case unsupported
    }

    package enum Conflict: String, Hashable, Codable, Sendable, CaseIterable {
        case dependencies, sessions, inFlight, unclear
    }

    package var kind: Kind
    /// For people: operation, address, what came back; cut and cleaned, without secrets.
    package var message: String
    /// From `Retry-After`, both forms, where the platform sent one.
    package var retryAfter: Span?

    package init(_ kind: Kind, _ message: String, retryAfter: Span? = nil) {
        self.kind = kind
        self.message = message
        self.retryAfter = retryAfter
    }
}
