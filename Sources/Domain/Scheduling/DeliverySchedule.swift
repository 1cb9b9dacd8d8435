/// When an event that a sink did not take is sent again, and when it is given up (`product/reporting.md`, Delivery).
/// A pure value for one event and sink: what the sink answered goes in, what is to be done comes out.
package struct DeliverySchedule: Hashable, Codable, Sendable {
    /// The waits after the first, second, ... attempt; one attempt more than waits is made.
    package static let waits: [Span] = [
        .seconds(5), .minutes(5), .minutes(30), .hours(2), .hours(5), .hours(10), .hours(14), .hours(20), .hours(24),
    ]
    /// Attempts in all after answers that repeating will hardly cure.
    package static let maxRefusals = 3
    /// `Retry-After` takes the place of the next wait within these bounds.
    package static let minRetryAfter = Span.seconds(1)
    package static let maxRetryAfter = Span.hours(24)
    /// A wait is lengthened by up to this part of itself, so that what failed together does not return together.
    package static let jitterPercent: Int64 = 10

    /// What to do after an attempt.
    package enum Next: Hashable, Sendable {
        case done
        case retry(after: Span)
        /// Given up: a dead letter.
        case dead
        /// The sink wants nothing more (410); the event stays due until the sink is enabled again.
        case disable
    }

    /// Attempts made, refused ones included.
    package private(set) var attempts = 0
    /// Attempts that were answered with a definite 4xx.
    package private(set) var refusals = 0

    /// Counts from a store, kept within what can be: a damaged one must not trap.
    package init(attempts: Int = 0, refusals: Int = 0) {
        self.attempts = min(max(attempts, 0), DeliverySchedule.waits.count + 1)
        self.refusals = min(max(refusals, 0), DeliverySchedule.maxRefusals)
    }

    /// - Parameter jitter: a random number in `0..<1` from the caller; what lies outside is clamped.
    package mutating func handle(_ answer: DeliveryAnswer, jitter: Double) -> Next {
        switch answer {
        case .delivered:
            attempts += 1
            return .done
        case .gone:
            return .disable
        case .refused:
            attempts += 1
            refusals += 1
            return refusals >= DeliverySchedule.maxRefusals ? .dead : next(retryAfter: nil, jitter: jitter)
        case .failed(_, let retryAfter):
            attempts += 1
            return next(retryAfter: retryAfter, jitter: jitter)
        }
    }

    private func next(retryAfter: Span?, jitter: Double) -> Next {
        guard attempts <= DeliverySchedule.waits.count else { return .dead }
        if let retryAfter {
            return .retry(after: min(max(retryAfter, DeliverySchedule.minRetryAfter), DeliverySchedule.maxRetryAfter))
        }
        let wait = DeliverySchedule.waits[attempts - 1].milliseconds
        let part = jitter.isFinite ? min(max(jitter, 0), 1) : 0
        let most = wait * DeliverySchedule.jitterPercent / 100
        return .retry(after: Span(milliseconds: wait + Int64(Double(most) * part)))
    }
}
