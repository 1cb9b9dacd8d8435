package import Domain
import Synchronization

/// Both clocks, moved by the test alone.
package final class ManualClock: Sendable {
    private let state: Mutex<Now>

    /// Starts at tick 0 and 2026-11-22T10:00:00Z unless told otherwise.
    package init(tick: Int64 = 0, wall: Int64 = 1_795_341_600_000) {
        state = Mutex(Now(tick: Tick(milliseconds: tick), wall: Timestamp(milliseconds: wall)))
    }

    package var now: Now { state.withLock { $0 } }

    /// Time passes on both clocks.
    @discardableResult
    package func advance(by span: Span) -> Now {
        state.withLock { now in
            now.tick = now.tick + span
            now.wall = now.wall.advanced(by: span)
            return now
        }
    }

    /// Somebody sets the wall clock; elapsed time does not notice.
    @discardableResult
    package func setWall(_ wall: Timestamp) -> Now {
        state.withLock { now in
            now.wall = wall
            return now
        }
    }
}
