import Synchronization

/// What the process remembers over a reload of its configuration.
package final class ServerMemory: Sendable {
    package let metrics = ServerMetrics()
    let sessions = BrowserSessions()
    let throttle = SignInThrottle()
    private let seen = Mutex(SeenDeliveries())

    package init() {}

    /// - Returns: false where that delivery was seen before.
    func isNew(delivery id: String) -> Bool { seen.withLock { $0.insert(id) } }
}
