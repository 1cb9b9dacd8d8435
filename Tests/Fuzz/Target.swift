import Foundation

/// Something that reads bytes from outside.
struct Target: Sendable {
    let name: String
    /// Of all inputs, in proportion to the others: cheap readers get more.
    var share = 1
    /// Files below the package's root whose content is input, beside `Corpus/NAME/`.
    var corpus: [String] = []
    /// Pieces of the language that mutation puts in.
    var words: [String] = []
    /// Reads one input and holds the reader to its promises.
    /// - Returns: what kind of outcome it was: an input with a new kind is bred further.
    /// - Throws: `BrokenPromise`.
    let read: @Sendable (_ input: [UInt8]) async throws -> Outcome

    static let all: [Target] = documents + hooks + signatures + platform + trail + texts

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The undamaged inputs, sorted by name.
    func seeds() throws -> [[UInt8]] {
        let own = Target.root.appending(path: "Tests/Fuzz/Corpus/\(name)")
        var files = (try? FileManager.default.contentsOfDirectory(at: own, includingPropertiesForKeys: nil)) ?? []
        for place in corpus {
            let url = Target.root.appending(path: place)
            let inside = try? FileManager.default.contentsOfDirectory(at: url, includingPropertiesForKeys: nil)
            files += inside ?? [url]
        }
        let seeds = try files.sorted { $0.path < $1.path }.map { Array(try Data(contentsOf: $0)) }
        guard !seeds.isEmpty else { throw BrokenPromise("no corpus for \(name): \(own.path) is empty") }
        return seeds
    }
}

/// What must never be was.
struct BrokenPromise: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
}

func promise(_ holds: Bool, _ what: @autoclosure () -> String) throws {
    if !holds { throw BrokenPromise(what()) }
}

/// The kind of an outcome: its words without what stands in quotes and without numbers.
struct Outcome {
    private(set) var kind: UInt64 = 0xCBF2_9CE4_8422_2325
    /// The input was taken as good, wholly or in part.
    private(set) var isGood = false

    static func good(_ words: String...) -> Outcome {
        var outcome = Outcome()
        outcome.isGood = true
        for word in words { outcome.add(word) }
        return outcome
    }

    static func refused(_ words: String...) -> Outcome {
        var outcome = Outcome()
        for word in words { outcome.add(word) }
        return outcome
    }

    mutating func succeed() { isGood = true }

    mutating func add(_ text: String) {
        var quote: UInt8 = 0
        for byte in text.utf8 {
            if quote != 0 {
                if byte == quote { quote = 0 }
                continue
            }
            if byte == UInt8(ascii: "`") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") { quote = byte }
            if byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { continue }
            kind = (kind ^ UInt64(byte)) &* 0x100_0000_01B3
        }
        kind = (kind ^ 0x1F) &* 0x100_0000_01B3
    }
}
