package import Domain

/// Misbehaviour of the sink. The first rule that matches a delivery and whose turn is not over is played.
package struct SinkFault: Sendable, Hashable {
    package enum Action: Sendable, Hashable {
        case respond(status: Int, retryAfter: String?)
        case delay(milliseconds: Int64)
        /// No answer; the delivery counts as an attempt.
        case hang
        case dropBeforeReading
        /// The whole request was read, no answer is given.
        case drop
        case redirect(to: String)
        /// An accepting answer whose body never ends.
        case endless
    }

    package var action: Action
    /// Only deliveries on this path.
    package var path: String?
    package var skip: Int
    /// `nil`: all from then on.
    package var times: Int?
    /// Of one event's deliveries; `nil`: whichever come.
    package var timesPerEvent: Int?

    package init(
        _ action: Action, path: String? = nil, skip: Int = 0, times: Int? = 1, timesPerEvent: Int? = nil
    ) {
        self.action = action
        self.path = path
        self.skip = skip
        self.times = times
        self.timesPerEvent = timesPerEvent
    }

    /// The address has been taken away for good.
    package static let gone = SinkFault(.respond(status: 410, retryAfter: nil), times: nil)

    package static func status(_ status: Int, retryAfter: String? = nil, times: Int? = 1) -> SinkFault {
        SinkFault(.respond(status: status, retryAfter: retryAfter), times: times)
    }
}

/// One request that the sink received.
package struct ReceivedDelivery: Sendable, Hashable {
    package enum Signature: Sendable, Hashable {
        case valid
        /// The sink has no secret to check with.
        case unchecked
        case absent
        /// With what is wrong.
        case invalid(String)
    }

    package let at: Timestamp
    package let method: String
    package let path: String
    /// By lower-case name.
    package let headers: [String: String]
    package let body: [UInt8]
    package let signature: Signature
    /// What was answered; 0 where nothing was.
    package internal(set) var status: Int

    /// The id that stays the same over all attempts.
    package var id: String? { headers["webhook-id"] }
    package var text: String { String(decoding: body, as: UTF8.self) }
    package var isAccepted: Bool { (200..<300).contains(status) }
}
