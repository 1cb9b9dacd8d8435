/// A point of wall-clock time, for windows and for what people read. Unit: milliseconds since 1970-01-01T00:00:00Z.
package struct Timestamp: Hashable, Comparable, Codable, Sendable {
    package var milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package init(from decoder: any Decoder) throws {
        self.init(milliseconds: try decoder.singleValueContainer().decode(Int64.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(milliseconds)
    }

    package static func < (one: Timestamp, other: Timestamp) -> Bool { one.milliseconds < other.milliseconds }

    package func advanced(by span: Span) -> Timestamp {
        Timestamp(milliseconds: milliseconds.addingClamped(span.milliseconds))
    }
}

/// A point on the elapsed-time clock of one state. It advances monotonically while a process runs and by the advance of
/// the wall clock (never less than zero) while none does, so a deadline survives a restart and a jump of the wall clock.
/// Unit: milliseconds since the state was made.
package struct Tick: Hashable, Comparable, Codable, Sendable {
    package var milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package init(from decoder: any Decoder) throws {
        self.init(milliseconds: try decoder.singleValueContainer().decode(Int64.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(milliseconds)
    }

    package static func < (one: Tick, other: Tick) -> Bool { one.milliseconds < other.milliseconds }
    package static func + (tick: Tick, span: Span) -> Tick {
        Tick(milliseconds: tick.milliseconds.addingClamped(span.milliseconds))
    }
    package static func - (later: Tick, earlier: Tick) -> Span {
        Span(milliseconds: later.milliseconds - earlier.milliseconds)
    }
}

/// A length of time as manifests and the configuration write it (`500ms`, `1h30m`). Unit: milliseconds.
package struct Span: Hashable, Comparable, Codable, Sendable {
    package var milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package init(from decoder: any Decoder) throws {
        self.init(milliseconds: try decoder.singleValueContainer().decode(Int64.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(milliseconds)
    }

    package static let zero = Span(milliseconds: 0)
    package static func milliseconds(_ count: Int64) -> Span { Span(milliseconds: count) }
    package static func seconds(_ count: Int64) -> Span { Span(milliseconds: count * 1000) }
    package static func minutes(_ count: Int64) -> Span { .seconds(count * 60) }
    package static func hours(_ count: Int64) -> Span { .minutes(count * 60) }
    package static func days(_ count: Int64) -> Span { .hours(count * 24) }

    package static func < (one: Span, other: Span) -> Bool { one.milliseconds < other.milliseconds }
}

/// Both clocks, read once and handed to every decision.
package struct Now: Hashable, Codable, Sendable {
    package var tick: Tick
    package var wall: Timestamp

    package init(tick: Tick, wall: Timestamp) {
        self.tick = tick
        self.wall = wall
    }
}

extension Int64 {
    /// Sums that a hostile duration could push out of range stay at the bound instead of trapping.
    func addingClamped(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        if !overflow { return sum }
        return other > 0 ? .max : .min
    }
}
