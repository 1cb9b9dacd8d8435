import Domain

/// Drawing from a seed.
package struct Dice: Sendable {
    private var random: SeededRandom

    package init(_ seed: UInt64) { random = SeededRandom(seed: seed) }

    package mutating func chance(_ probability: Double) -> Bool { random.fraction() < probability }

    package mutating func int(_ range: ClosedRange<Int64>) -> Int64 {
        range.lowerBound + Int64(random.next() % UInt64(range.upperBound - range.lowerBound + 1))
    }

    package mutating func index(_ count: Int) -> Int { Int(random.next() % UInt64(max(1, count))) }

    package mutating func pick<Value>(_ values: [Value]) -> Value { values[index(values.count)] }

    package mutating func fraction() -> Double { random.fraction() }

    /// Short ones are likelier: the square of a uniform number.
    package mutating func span(_ least: Int64, _ most: Int64) -> Int64 {
        let part = random.fraction()
        return least + Int64(Double(most - least) * part * part)
    }
}
