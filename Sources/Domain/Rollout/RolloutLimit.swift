/// Every bound of the machine, with its unit.
enum RolloutLimit {
    /// A server that never ends its pages must not be read for ever.
    static let maxVersionPages = 1000
    static let maxSessionPages = 1000
    static let maxJobPages = 20
    /// A job that is not on the newest pages after its end is not listed yet; older pages cannot show it.
    static let maxReadBackPages = 3
    /// 20 cases of 9 attempts, and some that proved nothing.
    static let maxTurns = 200
    static let maxTurnsInEndRecord = 20
    static let maxMarks = 64
    static let maxRecordedTextCharacters = 200
    static let pollFirst = Span.milliseconds(250)
    static let pollMost = Span.seconds(15)
    static let sessionsFirst = Span.seconds(1)
    static let jobsFirst = Span.seconds(2)
    static let lookFirst = Span.seconds(1)
    static let lookMost = Span.seconds(60)
    static let waitMost = Span.seconds(15)
    /// Where the sessions took longer to be told, by a pause that the platform asked for, jobs are looked at anew.
    static let jobsPassMost = Span.minutes(5)
    static let worldLeast = Span.seconds(1)
    /// With the feed polled instead of each job, a job that the feed does not mention for so long is asked for by itself.
    static let feedSilenceMost = Span.seconds(60)
    static let retryAfterMost = Span.minutes(10)
}

/// `first`, then half as much again each time, never more than `most`; jitter only shortens, so that `most` holds.
enum Backoff {
    /// - Parameters:
    ///   - count: waits before this one, from 0.
    ///   - jitter: 0..<1; takes away up to a fifth.
    static func delay(_ count: Int, first: Span, most: Span, jitter: Double) -> Span {
        var milliseconds = first.milliseconds
        var round = 0
        while round < count, milliseconds < most.milliseconds {
            milliseconds += milliseconds / 2
            round += 1
        }
        let bounded = min(milliseconds, most.milliseconds)
        let share = min(max(jitter, 0), 1) / 5
        return Span(milliseconds: max(1, bounded - Int64(Double(bounded) * share)))
    }
}
