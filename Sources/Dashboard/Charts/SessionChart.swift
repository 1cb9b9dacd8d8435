import Domain

/// How many sessions were open while a rollout waited for them to end: a step at each change.
struct SessionChart: Sendable {
    struct Row: Sendable {
        var time: Moment
        var count: String
    }

    struct Dot: Sendable {
        var x: String
        var y: String
    }

    private struct Sample {
        var at: Timestamp
        var count: Int
        var text: String
    }

    var frame: Frame
    var line: String
    var area: String
    var limitY: String
    var limitText: String
    var dots: [Dot]
    var rows: [Row]
    var newest: String
    /// One look alone draws nothing.
    var hasCurve: Bool

    /// nil: sessions were not looked at yet, or never counted.
    init?(_ rollout: Rollout, records: [StepRecord]) {
        var samples = records.compactMap { Self.sample($0) }
        guard let newest = samples.last, let first = samples.first else { return nil }
        if samples.count > Self.maxSamples { samples = [first] + samples.suffix(Self.maxSamples - 1) }
        let limit = rollout.settings.guards.maxActiveSessions
        let plot = Plot(most: Plot.niceCeiling(Double(max(samples.map(\.count).max() ?? 1, limit, 1))))
        let end = Self.end(rollout, after: newest.at)
        let whole = Double(max(1, end.milliseconds - first.at.milliseconds))
        let points = samples.map { sample in
            (plot.x(Double(sample.at.milliseconds - first.at.milliseconds) / whole), plot.y(Double(sample.count)))
        }
        var path = ""
        for (index, point) in points.enumerated() {
            path += index == 0 ? "M\(Plot.point(point.0, point.1))" : "H\(Plot.text(point.0))V\(Plot.text(point.1))"
        }
        path += "H\(Plot.text(plot.x(1)))"
        line = path
        area = path + "V\(Plot.text(plot.y(0)))H\(Plot.text(points.first?.0 ?? 0))Z"
        limitY = Plot.text(plot.y(Double(limit)))
        limitText = "at most \(limit)"
        dots = points.suffix(1).map { Dot(x: Plot.text($0.0), y: Plot.text($0.1)) }
        rows = samples.map { Row(time: Moment($0.at), count: $0.text) }
        self.newest = newest.text
        hasCurve = samples.count > 1
        frame = Frame(
            title: "Active sessions",
            summary:
                "From \(first.text) at \(Moment(first.at).text) to \(newest.text) at \(Moment(newest.at).text); \(limitText) may be open.",
            ticks: plot.ticks { Words.decimal($0, places: 1) }, first: Self.clock(first.at), last: Self.clock(end))
    }

    static let maxSamples = 400

    private static func sample(_ record: StepRecord) -> Sample? {
        guard let verdict = record.verdict, verdict.name == Guard.sessions.rawValue else { return nil }
        // "3 active, at most 0", "at least 12 active, …"
        let words = verdict.detail.split(separator: " ")
        guard let place = words.firstIndex(where: { $0.hasPrefix("active") }), place > 0,
            let count = Int(words[place - 1])
        else { return nil }
        let isLeast = words.first == "at" && place == 3
        return Sample(at: record.at, count: count, text: isLeast ? "at least \(count)" : "\(count)")
    }

    private static func end(_ rollout: Rollout, after time: Timestamp) -> Timestamp {
        rollout.marks.first { $0.at > time }?.at ?? time
    }

    private static func clock(_ time: Timestamp) -> String { String(Moment(time).text.dropFirst(11)) }
}
