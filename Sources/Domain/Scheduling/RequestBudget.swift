/// What one platform may still be sent: two classes under one limit, rollouts before sweeps.
///
/// In no span of `per` are more than `requests` sent: a request counts from its sending until `per` after its answer, so that
/// a late departure cannot crowd the next span.
package struct RequestBudget: Sendable {
    package struct Waiting: Sendable {
        package var exchange: Int
        package var since: Tick
    }

    package let requests: Int
    package let per: Span
    package let maxConcurrent: Int
    package private(set) var inFlight: Set<Int> = []
    /// When answered requests stop to count, oldest first.
    private var ends = Fifo<Tick>()
    private var first = Fifo<Waiting>()
    private var second = Fifo<Waiting>()
    package private(set) var pausedUntil: Tick?

    /// `Retry-After` and 429s pause the whole platform, but never for longer.
    package static let maxPause = Span.minutes(10)
    package static let defaultPause = Span.seconds(5)

    package init(requests: Int, per: Span, maxConcurrent: Int) {
        self.requests = requests
        self.per = per
        self.maxConcurrent = maxConcurrent
    }

    package var waitingCount: Int { first.count + second.count }

    package mutating func enqueue(_ exchange: Int, isFirstClass: Bool, at now: Tick) {
        if isFirstClass {
            first.append(Waiting(exchange: exchange, since: now))
        } else {
            second.append(Waiting(exchange: exchange, since: now))
        }
    }

    package mutating func answered(_ exchange: Int, at now: Tick) {
        guard inFlight.remove(exchange) != nil else { return }
        ends.append(now + per)
    }

    /// It was released and not sent after all.
    package mutating func withdraw(_ exchange: Int) { inFlight.remove(exchange) }

    package mutating func pause(for span: Span?, at now: Tick) {
        let until = now + min(max(span ?? RequestBudget.defaultPause, .zero), RequestBudget.maxPause)
        pausedUntil = max(pausedUntil ?? until, until)
    }

    /// The exchanges that may be sent now, in order.
    package mutating func release(at now: Tick) -> [Waiting] {
        expire(at: now)
        if let pausedUntil {
            guard pausedUntil <= now else { return [] }
            self.pausedUntil = nil
        }
        var released: [Waiting] = []
        while inFlight.count < maxConcurrent, inFlight.count + ends.count < requests {
            guard let next = first.popFirst() ?? second.popFirst() else { break }
            inFlight.insert(next.exchange)
            released.append(next)
        }
        return released
    }

    /// Exchanges that were taken out of the queue by their owner are not sent.
    package mutating func remove(where isGone: (Int) -> Bool) {
        first.removeAll { isGone($0.exchange) }
        second.removeAll { isGone($0.exchange) }
    }

    /// When `release` could give more, where only time is what it lacks.
    package func nextRelease(at now: Tick) -> Tick? {
        guard waitingCount > 0 else { return nil }
        if let pausedUntil, pausedUntil > now { return pausedUntil }
        guard inFlight.count < maxConcurrent else { return nil }
        if inFlight.count + ends.count < requests { return now }
        return ends.first
    }

    private mutating func expire(at now: Tick) {
        while let end = ends.first, end <= now { _ = ends.popFirst() }
    }
}
