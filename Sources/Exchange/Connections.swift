import Synchronization

/// Every client that was opened, so that one call closes them all.
package final class Connections: Sendable {
    private let callers = Mutex<[HTTPCaller]>([])

    package init() {}

    package func open(_ settings: HTTPCaller.Settings) throws(ExchangeError) -> HTTPCaller {
        let caller = try HTTPCaller(settings)
        callers.withLock { $0.append(caller) }
        return caller
    }

    /// Ends what is in flight and closes every connection. Call it once, before the process ends.
    package func shutdown() async {
        let open = callers.withLock { callers in
            defer { callers = [] }
            return callers
        }
        for caller in open { await caller.shutdown() }
    }
}
