/// One delivery attempt of one event to one sink; when it is tried again, the engine decides.
package protocol Sink: Sendable {
    func deliver(_ event: Event, attemptedAt: Timestamp) async -> DeliveryAnswer
}

package enum DeliveryAnswer: Hashable, Sendable {
    /// 2xx.
    case delivered(status: Int)
    /// 410: nothing more is sent until a person or a changed configuration enables the sink.
    case gone(answer: String)
    /// A 4xx that repeating will hardly cure; tried three times in all.
    case refused(status: Int, answer: String)
    /// Everything else: no connection, time-out, 408, 409, 425, 429, 3xx, 5xx, a forbidden address.
    case failed(answer: String, retryAfter: Span?)
}
