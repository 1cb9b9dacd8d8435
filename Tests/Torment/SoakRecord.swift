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

    private var minutes: [ProcessFigures] = []
    private var slowestMilliseconds = 0.0
    private var longestQuietSeconds = 0.0
    private var answers = 0

    /// - Throws: `Violation` where a limit is passed.
    mutating func add(_ figures: ProcessFigures, quietSeconds: Double, answers: [Double]) throws {
        minutes.append(figures)
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
            to \(short(last.megabytes)) MiB, most \(short(minutes.map(\.megabytes).max() ?? 0)), slope \(slope); \
            files \(first.files) to \(last.files), workers' \(first.workerFiles) to \(last.workerFiles)
            \(answers) answers, the slowest \(short(slowestMilliseconds)) ms; \
            all bots as wanted within \(short(longestQuietSeconds)) s of every minute's end of misfortunes
            """
    }

    /// Least squares over the minutes since caches have filled, as text.
    private var slope: String {
        let points = minutes.enumerated().dropFirst(Self.settledMinute - 1).map { (Double($0), $1.megabytes) }
        guard points.count > 2 else { return "unknown" }
        let count = Double(points.count)
        let (meanX, meanY) = (points.reduce(0) { $0 + $1.0 } / count, points.reduce(0) { $0 + $1.1 } / count)
        let over = points.reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
        let under = points.reduce(0) { $0 + ($1.0 - meanX) * ($1.0 - meanX) }
        return "\(short(over / under * 60)) MiB an hour"
    }

    private func short(_ number: Double) -> String { "\((number * 10).rounded() / 10)" }
}
