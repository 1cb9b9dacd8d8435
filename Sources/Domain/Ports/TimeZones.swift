/// What is known about time zones; windows are arithmetic over it.
package protocol TimeZones: Sendable {
    /// Whether the IANA name is known.
    func exists(_ name: String) -> Bool
    /// Seconds east of UTC at that instant; 0 for an unknown name, which callers ask about first.
    func offsetSeconds(of zone: String, at time: Timestamp) -> Int
}
