import Domain
import Support

/// Damages inputs: bits, bytes, stretches, words of the language, numbers at their limits, and pieces of other inputs.
struct Mutator {
    static let maxInputBytes = 96 << 10

    var random: SeededRandom
    private let words: [[UInt8]]

    init(seed: UInt64, words: [String]) {
        random = SeededRandom(seed: seed)
        self.words = words.map { Array($0.utf8) } + Self.everywhere
    }

    /// What breaks readers of any language.
    private static let everywhere: [[UInt8]] =
        [
            "\0", "\n", "\r", "\r\n", "\t", " ", "\"", "'", "\\", "{", "}", "[", "]", ",", ":", "-", "+", "=", "%", "&",
            "\u{FEFF}", "\u{202E}", "\u{200B}", "\u{2028}", "\u{85}", "\u{E000}", "\u{10FFFF}", "e\u{301}", "👩‍👩‍👧",
            "null", "true", "NaN", "Infinity", "-0", "1e9999", "1e-9999", "0x7f", "%00", "%F0%9F", "\\u0000", "\\ud800",
            "\\udc00", "${x}", "..", "//", "\u{0130}", "ſ", "ß",
        ].map { Array($0.utf8) } + [
            [0xFF], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xFF, 0xFE], [0x80],
        ]

    private static let numbers = [
        "0", "1", "-1", "00", "60", "99", "127", "128", "255", "256", "32767", "65535", "65536", "2147483647",
        "2147483648", "-2147483649", "4294967296", "9007199254740993", "9223372036854775807", "9223372036854775808",
        "-9223372036854775808", "18446744073709551616", "99999999999999999999999", "1.5", "0.1e1", "1e400",
    ].map { Array($0.utf8) }

    /// One input made from the pool.
    mutating func next(from pool: [[UInt8]]) -> [UInt8] {
        var bytes = random.one(of: pool)
        let rounds = 1 + random.below(random.below(4) == 0 ? 24 : 5)
        for _ in 0..<rounds { change(&bytes, pool) }
        if bytes.count > Self.maxInputBytes { bytes.removeSubrange(Self.maxInputBytes...) }
        return bytes
    }

    private mutating func stretch(_ count: Int, _ longest: Int = 48) -> Range<Int> {
        let start = random.below(count + 1)
        return start..<min(count, start + random.below(random.below(8) == 0 ? count + 1 : longest))
    }

    private mutating func change(_ bytes: inout [UInt8], _ pool: [[UInt8]]) {
        let place = random.below(bytes.count + 1)
        switch random.below(16) {
        case 0 where place < bytes.count: bytes[place] ^= 1 << UInt8(random.below(8))
        case 1 where place < bytes.count: bytes[place] = UInt8(truncatingIfNeeded: random.next())
        case 2: bytes.removeSubrange(stretch(bytes.count))
        case 3: bytes.insert(contentsOf: Array(bytes[stretch(bytes.count)]), at: place)
        case 4, 5, 6: bytes.insert(contentsOf: random.one(of: words), at: place)
        case 7:
            let word = random.one(of: words)
            bytes.replaceSubrange(place..<min(bytes.count, place + word.count), with: word)
        case 8, 9: replaceNumber(&bytes, from: place)
        case 10:
            let other = random.one(of: pool)
            bytes.insert(contentsOf: Array(other[stretch(other.count)]), at: place)
        case 11:
            let other = random.one(of: pool)
            bytes.replaceSubrange(place..., with: other[min(other.count, random.below(other.count + 1))...])
        case 12:
            let word = random.one(of: words)
            let times = 1 + random.below(random.below(16) == 0 ? 4096 : 40)
            bytes.insert(contentsOf: (0..<times).flatMap { _ in word }, at: place)
        case 13: bytes.removeSubrange(place...)
        case 14: swapLines(&bytes)
        default: if place < bytes.count { bytes[place] = bytes[place] &+ (random.below(2) == 0 ? 1 : 255) }
        }
    }

    /// The next number in the text becomes another.
    private mutating func replaceNumber(_ bytes: inout [UInt8], from place: Int) {
        func isDigit(_ byte: UInt8) -> Bool { byte >= 48 && byte <= 57 }
        guard let start = bytes[place...].firstIndex(where: isDigit) else { return }
        let end = bytes[start...].firstIndex { !isDigit($0) } ?? bytes.count
        bytes.replaceSubrange(start..<end, with: random.one(of: Self.numbers))
    }

    private mutating func swapLines(_ bytes: inout [UInt8]) {
        var lines = bytes.split(separator: 10, omittingEmptySubsequences: false).map(Array.init)
        guard lines.count > 1 else { return }
        let (one, other) = (random.below(lines.count), random.below(lines.count))
        if random.below(3) == 0 { lines[one] = lines[other] } else { lines.swapAt(one, other) }
        bytes = Array(lines.joined(separator: [10]))
    }
}
