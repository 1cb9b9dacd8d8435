package import Domain

/// The clocks that adapters may read, injected so that tests decide what time it is.
package struct Clocks: Sendable {
    /// For a `Retry-After` that is a date.
    package var wall: @Sendable () -> Timestamp
    /// Never goes back; since when it counts does not matter. For the age of a token and for what is left of a deadline.
    package var elapsed: @Sendable () -> Span

    package init(wall: @escaping @Sendable () -> Timestamp, elapsed: @escaping @Sendable () -> Span) {
        self.wall = wall
        self.elapsed = elapsed
    }
}
