/// What was measured minute by minute, held to what must not grow.
struct SoakRecord {
    /// Beside what it was when caches and pools had filled: the daemon, and its workers together.
    static let maxGrowthMegabytes = 40.0
    static let maxGrowthFiles = 16
    /// Of the two workers together: libgit2 keeps at most 64 packs open in each, and every fetch brings a pack until the hour
    /// in which the copy is tidied; pipes and streams come on top.
    static let maxWorkerFiles = 2 * 64 + 32
    /// Of any answer of the server.
    static let maxAnswerMilliseconds = 1000.0
    /// Caches and pools fill in the first minutes; the second is the mark.
    static let settledMinute = 2
    /// What the daemon's memory may rise by in the long run, by a line through its minutes from the tenth on. An allocator
    /// takes and returns memory in steps, which alone make a line over twenty minutes rise by some MiB: so much is allowed
    /// on top, so that the longer a soak is, the nearer it comes to the limit itself.
    static let maxRiseMegabytesAnHour = 1.0
    static let maxRiseMegabytesOfSteps = 6.0
    static let risesFromMinute = 10
    static let riseJudgedFromMinute = 30
    /// Of the state's file and what is not yet written into it, which alone comes to 8 MiB: records stay for good, events for
    /// long, at about 2 KiB each.
    static let maxStateBytesOfOneRecordOrEvent = 4 << 10
    static let maxStateBytesBeside = 8 << 20

    private var minutes: [ProcessFigures] = []
    private var firstCounts: ProcessFigures.Counts?
    private var slowestMilliseconds = 0.0
    private var longestQuietSeconds = 0.0
    private var answers = 0

    /// - Throws: `Violation` where a limit is passed.
    mutating func add(
        _ figures: ProcessFigures, _ counts: ProcessFigures.Counts, quietSeconds: Double, answers: [Double]
    ) throws {
        minutes.append(figures)
        if minutes.count == Self.settledMinute { firstCounts = counts }
        self.answers += answers.count
        longestQuietSeconds = max(longestQuietSeconds, quietSeconds)
        slowestMilliseconds = max(slowestMilliseconds, answers.max() ?? 0)
        if slowestMilliseconds > Self.maxAnswerMilliseconds {
            throw Violation("the server took \(slowestMilliseconds.rounded()) ms to answer")
        }
        guard minutes.count > Self.settledMinute else { return }
        let first = minutes[Self.settledMinute - 1]
        try hold("memory in MiB", first.megabytes, figures.megabytes, Self.maxGrowthMegabytes)
        try hold("the workers' memory in MiB", first.workerMegabytes, figures.workerMegabytes, Self.maxGrowthMegabytes)
        try hold("open files", Double(first.files), Double(figures.files), Double(Self.maxGrowthFiles))
        if figures.workerFiles > Self.maxWorkerFiles {
            throw Violation("the workers have \(figures.workerFiles) files open, more than \(Self.maxWorkerFiles)")
        }
        try holdState(first.stateBytes, figures.stateBytes, counts)
        try holdRise()
    }

    private func holdState(_ first: Int, _ last: Int, _ counts: ProcessFigures.Counts) throws {
        guard let firstCounts else { return }
        let added = counts.records + counts.events - firstCounts.records - firstCounts.events
        let limit = first + Self.maxStateBytesBeside + added * Self.maxStateBytesOfOneRecordOrEvent
        if last > limit {
            throw Violation("the state grew from \(first) to \(last) bytes for \(added) records and events")
        }
    }

    private func holdRise() throws {
        guard minutes.count >= Self.riseJudgedFromMinute, let slope = slope(from: Self.risesFromMinute) else { return }
        let hours = Double(minutes.count - Self.risesFromMinute) / 60
        if slope * hours > Self.maxRiseMegabytesAnHour * hours + Self.maxRiseMegabytesOfSteps {
            throw Violation("memory rises by \(short(slope)) MiB an hour since minute \(Self.risesFromMinute)")
        }
    }

    private func hold(_ what: String, _ first: Double, _ last: Double, _ limit: Double) throws {
        if last > first + limit {
            throw Violation("\(what) grew from \(first) in minute \(Self.settledMinute) to \(last)")
        }
    }

    var summary: String {
        let first = minutes.count >= Self.settledMinute ? minutes[Self.settledMinute - 1] : minutes.first
        guard let first, let last = minutes.last else { return "nothing was measured" }
        return """
            minute \(min(Self.settledMinute, minutes.count)) to \(minutes.count): memory \(short(first.megabytes)) \
            to \(short(last.megabytes)) MiB, most \(short(minutes.map(\.megabytes).max() ?? 0)), slope \(slopeText); \
            files \(first.files) to \(last.files), workers' \(first.workerFiles) to \(last.workerFiles); \
            state \(first.stateBytes >> 10) to \(last.stateBytes >> 10) KiB
            \(answers) answers, the slowest \(short(slowestMilliseconds)) ms; \
            all bots as wanted within \(short(longestQuietSeconds)) s of every minute's end of misfortunes
            """
    }

    private var slopeText: String {
        let isLong = minutes.count >= Self.riseJudgedFromMinute
        let from = isLong ? Self.risesFromMinute : Self.settledMinute
        guard let slope = slope(from: from) else { return "unknown" }
        return "\(short(slope)) MiB an hour since minute \(from)\(isLong ? "" : ", too short to be judged")"
    }

    /// Least squares over the minutes from that one on, in MiB an hour.
    private func slope(from minute: Int) -> Double? {
        let points = minutes.enumerated().dropFirst(minute - 1).map { (Double($0), $1.megabytes) }
        guard points.count > 2 else { return nil }
        let count = Double(points.count)
        let (meanX, meanY) = (points.reduce(0) { $0 + $1.0 } / count, points.reduce(0) { $0 + $1.1 } / count)
        let over = points.reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
        let under = points.reduce(0) { $0 + ($1.0 - meanX) * ($1.0 - meanX) }
        return over / under * 60
    }

    private func short(_ number: Double) -> String { "\((number * 10).rounded() / 10)" }
}
