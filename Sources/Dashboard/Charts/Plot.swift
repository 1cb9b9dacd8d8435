/// A drawing's coordinates, as text for SVG. All drawings have one size, so that they stand well beside each other.
struct Plot: Sendable {
    static let width = 560.0
    static let height = 168.0
    static let left = 44.0
    static let right = 14.0
    static let top = 12.0
    static let bottom = 26.0

    /// The value at the upper edge; the lower edge is 0.
    var most: Double

    /// - Parameter part: 0 at the left, 1 at the right.
    func x(_ part: Double) -> Double {
        Self.left + min(1, max(0, part)) * (Self.width - Self.left - Self.right)
    }

    func y(_ value: Double) -> Double {
        let part = most > 0 ? min(1, max(0, value / most)) : 0
        return Self.height - Self.bottom - part * (Self.height - Self.top - Self.bottom)
    }

    static func text(_ number: Double) -> String { Words.decimal(number, places: 1) }

    static func point(_ x: Double, _ y: Double) -> String { "\(text(x)) \(text(y))" }

    /// 1, 2 or 5 times a power of ten, at least `value`.
    static func niceCeiling(_ value: Double) -> Double {
        guard value.isFinite, value > 0 else { return 1 }
        var scale = 1.0
        while scale < value { scale *= 10 }
        while scale / 10 >= value { scale /= 10 }
        return [scale / 5, scale / 2, scale].first { $0 >= value } ?? scale
    }

    struct Tick: Sendable {
        var y: String
        /// The baseline of its label.
        var labelY: String
        var label: String
    }

    /// Three lines: nothing, half, most.
    func ticks(_ label: (Double) -> String) -> [Tick] {
        [0, most / 2, most].map {
            Tick(y: Self.text(y($0)), labelY: Self.text(y($0) + 4), label: label($0))
        }
    }
}

/// What all drawings share: the frame, and the text for those who do not see it.
struct Frame: Sendable {
    var title: String
    /// The drawing in a sentence.
    var summary: String
    var viewBox = "0 0 \(Plot.text(Plot.width)) \(Plot.text(Plot.height))"
    var left = Plot.text(Plot.left)
    var right = Plot.text(Plot.width - Plot.right)
    var labelX = Plot.text(Plot.left - 8)
    var footY = Plot.text(Plot.height - 8)
    var ticks: [Plot.Tick]
    var first: String
    var last: String

    init(title: String, summary: String, ticks: [Plot.Tick], first: String, last: String) {
        self.title = title
        self.summary = summary
        self.ticks = ticks
        self.first = first
        self.last = last
    }
}
