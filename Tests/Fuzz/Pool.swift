import Domain
import Support

/// What is bred further: the undamaged inputs, and those that led to something new.
struct Pool {
    static let maxBred = 1500
    /// One that is longer is read and not bred.
    static let maxBredBytes = 16 << 10
    /// Of all that are bred; without it the pool alone would be growth for millions of inputs.
    static let maxAllBredBytes = 8 << 20

    let seeds: [[UInt8]]
    private(set) var inputs: [[UInt8]]
    private var bredBytes = 0

    init(seeds: [[UInt8]]) {
        self.seeds = seeds
        inputs = seeds
    }

    /// Takes the place of others, by chance, where there is no room.
    mutating func breed(_ input: [UInt8], _ random: inout SeededRandom) {
        guard input.count <= Self.maxBredBytes else { return }
        while inputs.count - seeds.count >= Self.maxBred || bredBytes + input.count > Self.maxAllBredBytes {
            let place = seeds.count + random.below(inputs.count - seeds.count)
            bredBytes -= inputs[place].count
            inputs.swapAt(place, inputs.count - 1)
            inputs.removeLast()
        }
        // Without the room that mutation left behind its end.
        inputs.append(input.withUnsafeBytes { Array($0) })
        bredBytes += input.count
    }
}
