package import Domain
package import Exchange

/// One request of a delivery.
package struct SinkRequest: Sendable {
    /// Of the answer to a request that only writes: enough to see what the service says.
    package static let maxAnswerBytes = 1024
    /// Of a list that is read before something is written.
    package static let maxListBytes = 1 << 20

    package var method: HTTPCall.Method
    /// Behind the sink's address: empty, or `/…`, percent-encoded.
    package var path: String
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]?
    package var maxAnswerBytes: Int

    package static func post(
        _ path: String, _ body: JSONNode, type: String = "application/json",
        headers: [(name: String, value: String)] = []
    ) -> SinkRequest {
        SinkRequest(
            method: .post, path: path, headers: [(name: "Content-Type", value: type)] + headers, body: body.bytes,
            maxAnswerBytes: maxAnswerBytes)
    }

    package static func get(_ path: String, headers: [(name: String, value: String)] = []) -> SinkRequest {
        SinkRequest(method: .get, path: path, headers: headers, body: nil, maxAnswerBytes: maxListBytes)
    }
}

/// A delivery as a value, one exchange at a time: what to ask next, or how it ended. It is made anew for each attempt and
/// holds nothing between two of them, so that an attempt that broke off half-way is simply made again.
package indirect enum SinkStep: Sendable {
    case exchange(SinkRequest, then: @Sendable (HTTPAnswer) -> SinkStep)
    case over(DeliveryAnswer)
}

/// What one attempt may use.
package struct SinkAccess: Sendable {
    package var attemptedAt: Timestamp
    /// With which the body is signed; empty: it is not.
    package var keys: [SigningKey]
    /// Empty for kinds without one.
    package var token: String

    package init(attemptedAt: Timestamp, keys: [SigningKey] = [], token: String = "") {
        self.attemptedAt = attemptedAt
        self.keys = keys
        self.token = token
    }
}

/// An event in the words of one kind of sink. Pure: no address, no connection, no clock.
package protocol SinkFormat: Sendable {
    func begin(_ event: Event, with access: SinkAccess) -> SinkStep
}

extension SinkFormat {
    /// The whole delivery is one request.
    func only(_ request: SinkRequest, at wall: Timestamp) -> SinkStep {
        .exchange(request) { .over(AnswerRule.judge($0, at: wall)) }
    }
}
