package import Domain

/// Every bound of the simulator, with its unit in the name.
package enum SimulatorLimits {
    /// A request body beyond this is answered with 413.
    package static let maxRequestBodyBytes = 4 * 1024 * 1024
    /// The control surface takes bulk documents.
    package static let maxControlBodyBytes = 64 * 1024 * 1024
    /// Pages of the platform, as specified.
    package static let maxPageItems = 50
    /// Older requests leave the log; the counters keep them.
    package static let maxLoggedRequests = 200_000
    /// Deliveries kept by the sink.
    package static let maxKeptDeliveries = 100_000
    /// A hanging answer is dropped after this, so that a forgotten one does not stay for ever.
    package static let maxHang = Span.minutes(10)
    /// One chunk of an endless or huge body.
    package static let chunkBytes = 64 * 1024
    /// How long a test waits for something unless it says otherwise.
    package static let defaultWait = Span.seconds(20)
    /// Pending connections; a client that opens a thousand at once is not refused.
    package static let maxPendingConnections = 4096
}
