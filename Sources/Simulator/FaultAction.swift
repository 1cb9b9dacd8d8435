/// What a fault does to one request. "The work" is what the operation does to the world, a new job above all.
package indirect enum FaultAction: Sendable, Hashable, Codable {
    /// This answer instead; the work is not done.
    case respond(with: FaultAnswer)
    /// The work is done, then this answer is given all the same.
    case respondAfterWork(with: FaultAnswer)
    /// The request is answered as usual after so many milliseconds more.
    case delay(milliseconds: Int64)
    /// No answer ever; the work is not done, or done.
    case hang
    case hangAfterWork
    /// The connection is closed without an answer, before or after the work.
    case dropBeforeWork
    case dropAfterWork
    /// Half of the body, then the connection is closed.
    case truncate
    /// A whole answer whose JSON ends too early.
    case malformed
    /// One byte of the body at a time, with so many milliseconds between two.
    case drip(intervalMilliseconds: Int64)
    /// 200 with `success: false`; the work is not done.
    case unsuccessful(message: String)
    /// 200 without `success`.
    case withoutSuccess
    /// 200 without `data`, or with an empty one (no `jobId`, no `state`).
    case withoutData
    case emptyData
    case contentType(is: String)
    /// The job that this request makes goes so.
    case job(course: JobScript)
    /// A status request is answered with this state, whatever the job's is.
    case reportState(is: String)
    /// A body without an end.
    case endless
    /// A JSON body of so many bytes.
    case huge(bytes: Int)
}

/// An answer that is not the platform's own.
package struct FaultAnswer: Sendable, Hashable {
    package var status: Int
    package var body: String
    package var contentType: String
    package var headers: [String: String]

    package init(
        status: Int, body: String = #"{"success":false,"message":"the platform is unwell"}"#,
        contentType: String = "application/json", headers: [String: String] = [:]
    ) {
        self.status = status
        self.body = body
        self.contentType = contentType
        self.headers = headers
    }

    /// What a proxy says.
    package static func html(status: Int) -> FaultAnswer {
        FaultAnswer(
            status: status,
            body: "<html><body><h1>\(status)</h1><p>The proxy could not reach the origin.</p></body></html>",
            contentType: "text/html")
    }

    package static func retryLater(status: Int = 429, after retryAfter: String) -> FaultAnswer {
        FaultAnswer(
            status: status, body: #"{"success":false,"message":"too many requests"}"#,
            headers: ["Retry-After": retryAfter])
    }

    /// A 409 whose message says none of the three things that a 409 can mean.
    package static let unclearConflict = FaultAnswer(
        status: 409, body: #"{"success":false,"message":"the request conflicts with the current state"}"#)
}
