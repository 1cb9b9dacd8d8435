/// What each request for a look led to, for as long as this process remembers: which pass it became, and the events of it.
package struct RequestLog: Sendable {
    /// Requests that are remembered; the oldest go first.
    package static let maxRequests = 10_000
    /// Events of one pass that are remembered.
    package static let maxEventsPerPass = 1_000

    private var waiting: [String] = []
    private var passes: [String: Int] = [:]
    private var order: [String] = []
    private var first = 0
    private var events: [Int: [String]] = [:]
    private var users: [Int: Int] = [:]

    package init() {}

    package mutating func add(_ request: String) {
        if waiting.count >= Self.maxRequests { waiting.removeFirst(Self.maxRequests / 2) }
        waiting.append(request)
    }

    /// A pass began: it answers everything that was asked before.
    package mutating func began(pass: Int) {
        for request in waiting where passes[request] == nil {
            passes[request] = pass
            order.append(request)
            users[pass, default: 0] += 1
        }
        waiting = []
        while order.count - first > Self.maxRequests { forgetOldest() }
        if first > Self.maxRequests {
            order.removeFirst(first)
            first = 0
        }
    }

    package mutating func add(event id: String, of pass: Int?) {
        guard let pass, users[pass] != nil else { return }
        guard events[pass, default: []].count < Self.maxEventsPerPass else { return }
        events[pass, default: []].append(id)
    }

    /// Oldest first; nil: the request is not known (any more).
    package func events(of request: String) -> [String]? {
        if let pass = passes[request] { return events[pass] ?? [] }
        return waiting.contains(request) ? [] : nil
    }

    /// nil: none began that answers it.
    package func pass(of request: String) -> Int? { passes[request] }

    private mutating func forgetOldest() {
        let request = order[first]
        first += 1
        guard let pass = passes.removeValue(forKey: request) else { return }
        users[pass, default: 1] -= 1
        if users[pass] == 0 {
            users[pass] = nil
            events[pass] = nil
        }
    }
}
