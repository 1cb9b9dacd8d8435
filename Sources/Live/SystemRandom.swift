/// Randomness of the system, drawn once: everything below is derived from such a seed, so that a run can be replayed.
package enum SystemRandom {
    package static func seed() -> UInt64 {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }

    /// A name for a new state: 32 lower-case hexadecimal digits.
    package static func id() -> String {
        [seed(), seed()].map { number in
            let digits = String(number, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
