import Domain

/// One measured value of the verification turns of a bot, one mark a turn, oldest first.
struct TurnChart: Sendable {
    struct Mark: Sendable {
        var path: String
        var tone: String
    }

    struct Edge: Sendable {
        var x: String
        var labelX: String
        var label: String
    }

    struct Row: Sendable {
        var time: Moment
        var version: String
        var value: String
        var face: Face
    }

    var frame: Frame
    var line: String
    var marks: [Mark]
    /// Where another version begins.
    var edges: [Edge]
    /// The value that must be reached, drawn as a line; none: not asked for.
    var limits: [Plot.Tick]
    var rows: [Row]

    static let maxTurns = 60
    /// So far apart that their labels do not touch.
    private static let edgeSpacing = 64.0

    /// A rollout's turn with the version that was meant to answer.
    struct Turn: Sendable {
        var version: String
        var result: TurnResult
    }

    static func confidence(_ turns: [Turn], least: Double?) -> TurnChart? {
        TurnChart(
            "Confidence", turns, value: { $0.confidence }, most: { _ in 1 }, text: { Words.decimal($0, places: 2) },
            limit: least, isLeast: true)
    }

    static func latency(_ turns: [Turn], most: Double?) -> TurnChart? {
        TurnChart(
            "Latency", turns, value: { $0.latencyMs }, most: { Plot.niceCeiling($0.max() ?? 1) },
            text: { "\(Words.decimal($0, places: 0)) ms" }, limit: most, isLeast: false)
    }

    private init?(
        _ title: String, _ all: [Turn], value: (TurnResult) -> Double?, most: ([Double]) -> Double,
        text: (Double) -> String, limit: Double?, isLeast: Bool
    ) {
        let measured = all.suffix(Self.maxTurns).compactMap { turn in
            value(turn.result).flatMap { $0.isFinite ? (turn: turn, value: $0) : nil }
        }
        guard let first = measured.first, let last = measured.last else { return nil }
        let plot = Plot(most: most(measured.map(\.value)))
        let steps = Double(max(1, measured.count - 1))
        let points = measured.indices.map { index in
            (x: plot.x(measured.count == 1 ? 0.5 : Double(index) / steps), y: plot.y(measured[index].value))
        }
        line = points.enumerated().map { ($0.offset == 0 ? "M" : "L") + Plot.point($0.element.x, $0.element.y) }
            .joined()
        marks = zip(points, measured).map { point, one in
            Mark(path: Self.shape(one.turn.result.verdict, point.x, point.y), tone: Face(one.turn.result.verdict).tone)
        }
        edges = Self.edges(measured.map(\.turn.version), points.map(\.x))
        limits =
            limit.map { limit in
                limit <= plot.most
                    ? [
                        // On the side where a good value is not.
                        Plot.Tick(
                            y: Plot.text(plot.y(limit)), labelY: Plot.text(plot.y(limit) + (isLeast ? 13 : -5)),
                            label: "\(isLeast ? "at least" : "at most") \(text(limit))")
                    ] : []
            } ?? []
        rows = measured.map { one in
            Row(
                time: Moment(one.turn.result.at), version: Words.clean(one.turn.version), value: text(one.value),
                face: Face(one.turn.result.verdict))
        }
        let values = measured.map(\.value)
        let lowest = values.min() ?? 0
        let highest = values.max() ?? 0
        let failed = measured.filter { $0.turn.result.verdict == .failed }.count
        frame = Frame(
            title: title,
            summary:
                "\(Words.count(measured.count, "turn")) from \(text(lowest)) to \(text(highest)), the newest \(text(last.value)); \(failed) failed.",
            ticks: plot.ticks(text), first: Moment(first.turn.result.at).text, last: Moment(last.turn.result.at).text)
    }

    /// A disc for passed, a cross for failed, a ring for what proved nothing: told apart without colour.
    private static func shape(_ verdict: TurnResult.Verdict, _ x: Double, _ y: Double) -> String {
        let r = 4.0
        switch verdict {
        case .failed:
            return
                "M\(Plot.point(x - r, y - r))L\(Plot.point(x + r, y + r))M\(Plot.point(x - r, y + r))L\(Plot.point(x + r, y - r))"
        case .passed, .inconclusive:
            return
                "M\(Plot.point(x - r, y))a\(Plot.text(r)) \(Plot.text(r)) 0 1 0 \(Plot.text(2 * r)) 0a\(Plot.text(r)) \(Plot.text(r)) 0 1 0 \(Plot.text(-2 * r)) 0Z"
        }
    }

    private static func edges(_ versions: [String], _ xs: [Double]) -> [Edge] {
        var found: [Edge] = []
        var before: String?
        var labelled = -Self.edgeSpacing
        for (version, x) in zip(versions, xs) {
            defer { before = version }
            guard version != before else { continue }
            let hasRoom = x - labelled >= edgeSpacing && x < Plot.width - Plot.right - edgeSpacing / 2
            found.append(
                Edge(
                    x: Plot.text(before == nil ? x : x - 6), labelX: Plot.text(before == nil ? x : x - 2),
                    label: hasRoom ? Words.clean(String(version.prefix(12))) : ""))
            if hasRoom { labelled = x }
        }
        return found
    }
}
