package import Domain
import Foundation

/// Both clocks of a state: elapsed time goes on from where it was stored, by the advance of the wall clock (never less
/// than zero) for the time in which no process ran, and monotonically from then on.
package struct SystemClock: Clock {
    private let origin: Tick
    private let started: ContinuousClock.Instant

    /// - Parameter stored: both clocks when they were last written; nil for a new state.
    package init(continuing stored: Now?) {
        self.init(continuing: stored, wall: SystemClock.wall())
    }

    init(continuing stored: Now?, wall: Timestamp) {
        started = ContinuousClock.now
        guard let stored else {
            origin = Tick(milliseconds: 0)
            return
        }
        let away = wall.milliseconds.subtractingReportingOverflow(stored.wall.milliseconds)
        let gap = away.overflow ? 0 : max(0, away.partialValue)
        origin = stored.tick + Span(milliseconds: gap)
    }

    package func now() -> Now {
        let elapsed = ContinuousClock.now - started
        let milliseconds = elapsed.components.seconds * 1000 + elapsed.components.attoseconds / 1_000_000_000_000_000
        return Now(tick: origin + Span(milliseconds: milliseconds), wall: SystemClock.wall())
    }

    private static func wall() -> Timestamp {
        Timestamp(milliseconds: Int64((Date().timeIntervalSince1970 * 1000).rounded(.down)))
    }
}
