package import Domain
import HTTPTypes
package import Logging
package import Reconciler
import Synchronization

/// Everything that an answer may need; made once for each configuration.
package struct Desk: Sendable {
    package var settings: ServerSettings
    package var reconciler: Reconciler
    package var records: any StateRecords
    package var intake: HookIntake
    package var secrets: any Secrets
    package var clock: any Clock
    package var works: DeskWorks
    /// An event as sinks get it (`ballast schema event`).
    package var body: @Sendable (Event) -> String
    package var logger: Logger
    package var metrics: ServerMetrics
    /// What only the dashboard reads; nil: there is no dashboard.
    package var dashboard: (any DashboardRecords)?
    let browsers: BrowserDoor
    let bell = EventBell()
    let streams = StreamPlaces()
    let bodies = BodyBudget()
    /// How long an event stream may be silent.
    var commentInterval = ServerLimits.eventStreamCommentInterval
    private let door = Door()

    package init(
        settings: ServerSettings, reconciler: Reconciler, records: any StateRecords, intake: HookIntake,
        secrets: any Secrets, clock: any Clock, works: DeskWorks, body: @escaping @Sendable (Event) -> String,
        memory: ServerMemory, logger: Logger
    ) {
        self.settings = settings
        self.reconciler = reconciler
        self.records = records
        self.intake = intake
        self.secrets = secrets
        self.clock = clock
        self.works = works
        self.body = body
        metrics = memory.metrics
        browsers = BrowserDoor(sessions: memory.sessions, throttle: memory.throttle, clock: clock)
        self.logger = logger
    }

    /// An event is in the state: it is counted, and whoever follows is woken.
    package func stored(_ event: Event) {
        metrics.count(event)
        bell.ring()
    }

    /// Nothing that asks for something is taken any more, and what only follows ends.
    package func shut() {
        door.isShut.withLock { $0 = true }
        bell.ring()
    }

    package var isShut: Bool { door.isShut.withLock { $0 } }

    static let retryAfter: HTTPFields = [.retryAfter: "\(ServerLimits.retryAfterSeconds)"]

    func requireOpen() throws {
        if isShut { throw HTTPProblem(.serviceUnavailable, "the server is shutting down", headers: Self.retryAfter) }
    }

    private final class Door: Sendable {
        let isShut = Mutex(false)
    }
}

/// What answers need that is more than reading the state and asking the engine.
package struct DeskWorks: Sendable {
    package struct Rollback: Hashable, Sendable {
        package var name: String
        /// nil: the one before the last change.
        package var version: String?
        package var by: String
        package var reason: String?

        package init(name: String, version: String?, by: String, reason: String?) {
            self.name = name
            self.version = version
            self.by = by
            self.reason = reason
        }
    }

    /// Makes the git commit of `ballast rollback`. Throws `SourceFailure`.
    package var rollback: @Sendable (Rollback) async throws -> RollbackOutcome
    /// Observes and judges anew, beside what the server does; of a commit or branch that is not merged yet, or of the watched
    /// one. Throws `SourceFailure`, and `WorkRefused` where too many ask at once.
    package var plan: @Sendable (_ commit: String?) async throws -> RunReport

    package init(
        rollback: @escaping @Sendable (Rollback) async throws -> RollbackOutcome,
        plan: @escaping @Sendable (_ commit: String?) async throws -> RunReport
    ) {
        self.rollback = rollback
        self.plan = plan
    }
}

/// Too many ask for the same at once.
package struct WorkRefused: Error, Sendable {
    package init() {}
}
