/// SplitMix64 (Steele, Lea, Flood 2014): all that the engine draws comes from here, so that a run replays from its seed.
package struct SeededRandom: Hashable, Codable, Sendable, RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// 0..<1.
    package mutating func fraction() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// A UUIDv7 (RFC 9562): the time first, so that ids sort by it.
    package mutating func uuid7(at wall: Timestamp) -> String {
        let time = UInt64(bitPattern: max(0, wall.milliseconds)) & 0xFFFF_FFFF_FFFF
        let high = (time << 16) | 0x7000 | (next() & 0x0FFF)
        let low = (next() & 0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0000_0000_0000
        let digits = SeededRandom.hex(high) + SeededRandom.hex(low)
        let text = Array(digits)
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(text[$0]) }.joined(separator: "-")
    }

    private static func hex(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
