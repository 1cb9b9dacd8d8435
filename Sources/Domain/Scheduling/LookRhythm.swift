/// When the remote is looked at and when the platforms are observed, as a value. A wish that comes during a pass causes
/// another one after it: never lost, never two at once, and any number of wishes is one look.
package struct LookRhythm: Sendable {
    /// How often, without anybody asking.
    package struct Intervals: Hashable, Sendable {
        package var look: Span
        /// Everything is observed, beside the passes that commits cause.
        package var pass: Span

        package init(look: Span, pass: Span) {
            self.look = look
            self.pass = pass
        }
    }

    package enum Kind: Hashable, Sendable {
        /// Ends at once where the head did not move.
        case look
        /// Observes whatever the look says.
        case pass
    }

    /// At most one look in that span after the first, however many pushes are told of.
    package static let leastBetweenLooks = Span.seconds(1)
    /// Of an interval, to either side, so that many servers do not ask one forge at the same moment.
    package static let jitter = 0.05

    private let intervals: Intervals?
    private var wished: Kind?
    private var lastBegunAt: Tick?
    private var nextLookAt: Tick?
    private var nextPassAt: Tick?

    /// - Parameter intervals: nil: a one-shot, where nothing happens by itself and nothing is held back.
    package init(_ intervals: Intervals?) { self.intervals = intervals }

    package var isWished: Bool { wished != nil }

    package mutating func wish(_ kind: Kind) {
        if wished != .pass { wished = kind }
    }

    /// What begins now, if anything; called while no pass runs.
    /// - Parameter fraction: 0..<1, drawn by the caller; decides the jitter of what is planned next.
    package mutating func begin(at now: Tick, fraction: Double) -> Kind? {
        guard let due = nextDue, due <= now, let kind = kind(at: now) else { return nil }
        wished = nil
        lastBegunAt = now
        if let intervals {
            nextLookAt = now + Self.jittered(intervals.look, fraction)
            if kind == .pass || nextPassAt == nil { nextPassAt = now + Self.jittered(intervals.pass, fraction) }
        }
        return kind
    }

    /// A pass that was caused by something else counts as the full one.
    package mutating func observed(at now: Tick, fraction: Double) {
        if let intervals { nextPassAt = now + Self.jittered(intervals.pass, fraction) }
    }

    package var nextDue: Tick? {
        let planned = [nextLookAt, nextPassAt].compactMap { $0 }.min()
        guard wished != nil else { return planned }
        let earliest = intervals == nil ? nil : lastBegunAt.map { $0 + Self.leastBetweenLooks }
        let soonest = earliest ?? Tick(milliseconds: 0)
        return planned.map { min($0, soonest) } ?? soonest
    }

    private func kind(at now: Tick) -> Kind? {
        if let nextPassAt, nextPassAt <= now { return .pass }
        if let wished { return wished }
        return nextLookAt.map { $0 <= now } == true ? .look : nil
    }

    private static func jittered(_ span: Span, _ fraction: Double) -> Span {
        let width = Double(span.milliseconds) * jitter
        return Span(milliseconds: span.milliseconds + Int64((fraction * 2 - 1) * width))
    }
}
