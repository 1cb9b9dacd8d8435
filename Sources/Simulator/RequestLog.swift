package import Domain

/// One request as it came and was answered.
package struct RequestRecord: Sendable, Hashable, Codable {
    package var operation: PlatformOperation
    package var botId: String?
    package var environment: String?
    package var idempotencyKey: String?
    package var at: Timestamp
    /// The answer's status; 0 where there was none, `nil` while it is being answered.
    package var status: Int?
}

/// Figures over all requests since the start or the last reset.
package struct RequestCounters: Sendable, Hashable, Codable {
    package var total = 0
    /// By the name of the operation, and by status (`0`: dropped).
    package var byOperation: [String: Int] = [:]
    package var byStatus: [String: Int] = [:]
    package var inFlight = 0
    package var maxInFlight = 0
    /// The highest number of requests that came within any span of the rate limit's length, refused ones included.
    package var maxWithinSpan = 0
    package var spanMilliseconds: Int64 = 0
    package var jobsCreated = 0
    /// Requests with a repeated `Idempotency-Key` that were answered with the first job.
    package var repeatedKeys = 0

    package func count(_ operation: PlatformOperation) -> Int { byOperation[operation.rawValue] ?? 0 }
    package func count(status: Int) -> Int { byStatus[String(status)] ?? 0 }
}

/// The book of requests. Constant work a request, bounded memory.
struct RequestLog: Sendable {
    private(set) var records: [RequestRecord] = []
    private(set) var counters = RequestCounters()
    private var firstKept = 0
    /// Arrivals within the measured span, in order, from `oldest` on.
    private var arrivals = SlidingWindow()

    mutating func begin(_ record: RequestRecord, span: Span) -> Int {
        if records.count >= SimulatorLimits.maxLoggedRequests {
            let leaving = records.count / 2
            records.removeFirst(leaving)
            firstKept += leaving
        }
        records.append(record)
        counters.total += 1
        counters.byOperation[record.operation.rawValue, default: 0] += 1
        counters.inFlight += 1
        counters.maxInFlight = max(counters.maxInFlight, counters.inFlight)
        arrivals.add(record.at, span: span)
        counters.maxWithinSpan = max(counters.maxWithinSpan, arrivals.count)
        counters.spanMilliseconds = span.milliseconds
        return firstKept + records.count - 1
    }

    mutating func end(_ ticket: Int, status: Int) {
        counters.inFlight = max(0, counters.inFlight - 1)
        counters.byStatus[String(status), default: 0] += 1
        if ticket >= firstKept, ticket - firstKept < records.count { records[ticket - firstKept].status = status }
    }

    mutating func noteJob() { counters.jobsCreated += 1 }
    mutating func noteRepeatedKey() { counters.repeatedKeys += 1 }

    /// Forgets everything but what is being answered now.
    mutating func reset() {
        let inFlight = counters.inFlight
        firstKept += records.count
        records = []
        arrivals = SlidingWindow()
        counters = RequestCounters()
        counters.inFlight = inFlight
        counters.maxInFlight = inFlight
    }
}

/// The instants of the last span, with constant work per instant on average.
struct SlidingWindow: Sendable {
    private var instants: [Timestamp] = []
    private var oldest = 0

    var count: Int { instants.count - oldest }
    var first: Timestamp? { oldest < instants.count ? instants[oldest] : nil }

    /// Drops what is a whole span old, at `now`.
    mutating func drop(before now: Timestamp, span: Span) {
        while oldest < instants.count, instants[oldest].milliseconds <= now.milliseconds - span.milliseconds {
            oldest += 1
        }
        if oldest > 4096, oldest * 2 > instants.count {
            instants.removeFirst(oldest)
            oldest = 0
        }
    }

    mutating func add(_ instant: Timestamp, span: Span) {
        drop(before: instant, span: span)
        instants.append(instant)
    }
}
