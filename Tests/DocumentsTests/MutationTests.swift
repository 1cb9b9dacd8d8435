import Documents
import Domain
import Testing

/// Ten thousand damaged inputs: none may crash or take long, and what is still accepted must decode the same again.
struct MutationTests {
    private static let pieces: [[UInt8]] =
        [
            "---", "...", "&a ", "*a", "<<: ", "!!str ", "? ", ": ", "- ", "[", "]", "{", "}", "\"", "'", "|", ">",
            "\t", "\r", "\n", "%YAML 1.1\n",
            "\u{FEFF}", "\u{202E}", "\u{85}", "\u{2028}", "\\x00", "@", "`", "#", "~", "null", "1e9999",
            "99999999999999999999d", "* * * * *",
            "version: v", "\u{0}", "  ", ",", "metadata: {name: x}",
        ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xFF, 0xFE]]

    private func mutate(_ seed: [UInt8], _ generator: inout Seeded) -> [UInt8] {
        var bytes = seed
        for _ in 0..<Int.random(in: 1...6, using: &generator) {
            let place = Int.random(in: 0...bytes.count, using: &generator)
            let end = min(bytes.count, place + Int.random(in: 0...40, using: &generator))
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: bytes.replaceSubrange(place..<end, with: [])
            case 1: bytes.insert(contentsOf: Self.pieces.randomElement(using: &generator) ?? [], at: place)
            case 2 where place < bytes.count: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            case 3: bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0...bytes.count, using: &generator))
            case 4: bytes.removeSubrange(place...)
            default:
                let piece = Self.pieces.randomElement(using: &generator) ?? []
                for _ in 0..<Int.random(in: 1...60, using: &generator) { bytes.insert(contentsOf: piece, at: place) }
            }
        }
        return bytes
    }

    @Test(.timeLimit(.minutes(5)), arguments: 0..<4) func damagedManifestsAreReadToTheirEnd(shard: UInt64) {
        var generator = Seeded(state: 1000 + shard)
        let decoder = ManifestDecoder(platforms: ["default"])
        let seeds = [fullManifest, smallManifest, smallManifest + "\n---\n" + fullManifest].map { Array($0.utf8) }
        var good = 0
        for round in 0..<2500 {
            let bytes = mutate(seeds.randomElement(using: &generator) ?? [], &generator)
            let file = decoder.decode(file: bytes, path: "a.yaml")
            good += file.parts.count { $0.manifest != nil }
            for part in file.parts where part.manifest == nil {
                #expect(!part.problems.isEmpty, "a bad document without a problem in round \(round)")
                #expect(part.problems.allSatisfy { $0.line >= 1 && $0.column >= 1 && !$0.message.isEmpty })
            }
            for part in file.parts where part.manifest != nil {
                #expect(decoder.decode(file: part.raw, path: "a.yaml").parts.first?.manifest == part.manifest)
                guard let range = part.versionRange else { continue }
                #expect(range.upperBound <= bytes.count)
                _ = try? decoder.replacingVersion(in: bytes, document: part.index, with: "v2")
            }
        }
        #expect(good > 100)
    }

    @Test(.timeLimit(.minutes(5))) func damagedConfigurationsAreReadToTheirEnd() {
        var generator = Seeded(state: 5)
        for _ in 0..<2500 {
            let bytes = mutate(Array(fullConfiguration.utf8), &generator)
            if case .failure(let problems) = ConfigurationLoader.load(
                bytes: bytes, path: "/etc/b.yaml", environment: [:])
            {
                #expect(!problems.all.isEmpty)
            }
        }
    }
}
