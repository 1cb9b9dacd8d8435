import Domain

/// How long passes take, and how long it takes from a push to what it sets off.
struct PassStopwatch: Sendable {
    /// Passes whose rollouts may still have to send their first request.
    static let maxPasses = 100

    private var askedAt: Tick?
    private var begunAt: Tick?
    private var askedOf: [Int: Tick] = [:]

    mutating func asked(at tick: Tick) { askedAt = min(askedAt ?? tick, tick) }

    mutating func began(pass: Int, at now: Tick) {
        begunAt = now
        askedOf[pass] = askedAt
        askedOf[pass - Self.maxPasses] = nil
        askedAt = nil
    }

    /// Seconds since the pass began that has ended now.
    mutating func passed(at now: Tick) -> Double? {
        defer { begunAt = nil }
        return begunAt.map { Double((now - $0).milliseconds) / 1000 }
    }

    /// Seconds since somebody asked for that pass; nil: nobody did.
    func triggered(by pass: Int, at now: Tick) -> Double? {
        askedOf[pass].map { Double((now - $0).milliseconds) / 1000 }
    }
}
