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
    /// An event as sinks get it (`ballast schema event`).
    package var body: @Sendable (Event) -> String
    package var logger: Logger
    package var metrics: ServerMetrics
    private let door = Door()

    package init(
        settings: ServerSettings, reconciler: Reconciler, records: any StateRecords, intake: HookIntake,
        secrets: any Secrets, clock: any Clock, body: @escaping @Sendable (Event) -> String, memory: ServerMemory,
        logger: Logger
    ) {
        self.settings = settings
        self.reconciler = reconciler
        self.records = records
        self.intake = intake
        self.secrets = secrets
        self.clock = clock
        self.body = body
        metrics = memory.metrics
        self.logger = logger
    }

    /// Nothing that asks for something is taken any more.
    package func shut() { door.isShut.withLock { $0 = true } }

    package var isShut: Bool { door.isShut.withLock { $0 } }

    static let retryAfter: HTTPFields = [.retryAfter: "\(ServerLimits.retryAfterSeconds)"]

    func requireOpen() throws {
        if isShut { throw HTTPProblem(.serviceUnavailable, "the server is shutting down", headers: Self.retryAfter) }
    }

    private final class Door: Sendable {
        let isShut = Mutex(false)
    }
}
