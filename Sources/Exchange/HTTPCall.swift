package import Domain

/// One request, as it goes out.
package struct HTTPCall: Sendable {
    package enum Method: String, Hashable, Sendable {
        case get = "GET"
        case post = "POST"
        case head = "HEAD"
    }

    package var method: Method
    /// Absolute, percent-encoded.
    package var url: String
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]?
    /// For the whole exchange: the wait for a connection, name, TLS, sending, and the answer to its last byte.
    package var timeout: Span
    /// More of an answer is not read; the answer is then marked as cut.
    package var maxAnswerBytes: Int

    package init(
        _ method: Method, _ url: String, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil,
        timeout: Span, maxAnswerBytes: Int
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.maxAnswerBytes = maxAnswerBytes
    }
}

/// What came back, whatever its status.
package struct HTTPAnswer: Sendable {
    package var status: Int
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]
    /// There was more than `maxAnswerBytes`.
    package var isCut: Bool
    /// From the head of the request to the last byte of the answer, in milliseconds with fractions.
    package var latencyMilliseconds: Double

    package init(
        status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = [], isCut: Bool = false,
        latencyMilliseconds: Double = 0
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.isCut = isCut
        self.latencyMilliseconds = latencyMilliseconds
    }

    /// The first header of that name, in any case.
    package func header(_ name: String) -> String? {
        let wanted = name.lowercased()
        return headers.first { $0.name.lowercased() == wanted }?.value
    }

    /// `application/json` or `…+json`, whatever its parameters; an answer that does not say what it is, is not JSON.
    package var isJSON: Bool {
        guard let type = header("Content-Type")?.split(separator: ";", omittingEmptySubsequences: false).first else {
            return false
        }
        let media = type.lowercased().filter { $0 != " " && $0 != "\t" }
        return media == "application/json" || media.hasSuffix("+json")
    }

    /// What the server asks to wait, where it does so understandably.
    package func retryAfter(wall: Timestamp) -> Span? {
        header("Retry-After").flatMap { RetryAfter.wait($0, date: header("Date"), wall: wall) }
    }
}
