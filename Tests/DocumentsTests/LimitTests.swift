import Documents
import Domain
import Testing

/// Every limit has an error of its own, and the largest allowed value passes.
struct LimitTests {
    private func bytes(_ bytes: [UInt8]) -> DecodedFile {
        ManifestDecoder(platforms: []).decode(file: bytes, path: "a.yaml")
    }

    private func only(_ text: String) -> String {
        let problems = decode(text).allProblems
        return problems.count == 1 ? problems[0].message : "\(lines(problems))"
    }

    @Test func aFileOfOneMiB() {
        let filler = String(repeating: "#", count: (1 << 20) - smallManifest.utf8.count - 5)
        #expect(decode(smallManifest + "\n---\n" + filler).parts.first?.manifest != nil)
        let tooLarge = decode(smallManifest + "\n---\n" + filler + "#")
        #expect(tooLarge.parts.isEmpty)
        #expect(lines(tooLarge.problems) == ["1:1 the file has 1048577 bytes; at most 1048576 (1 MiB) are allowed"])
    }

    @Test func aDocumentOf64KiB() {
        let filler = String(repeating: "#", count: (64 << 10) - smallManifest.utf8.count - 1)
        #expect(decode(smallManifest + "\n" + filler).parts.first?.manifest != nil)
        #expect(
            only(smallManifest + "\n" + filler + "#")
                == "the document has 65537 bytes; at most 65536 (64 KiB) are allowed")
        let second = decode(smallManifest + "\n---\n" + smallManifest + "\n" + filler)
        #expect(second.parts.map { $0.manifest != nil } == [true, false])
        #expect(second.allProblems.first?.line == 9)
    }

    @Test func aThousandDocumentsAFile() {
        let thousand = String(repeating: "a: 1\n---\n", count: 1000)
        #expect(decode(thousand).parts.count == 1000)
        let tooMany = decode(thousand + "a: 1\n")
        #expect(tooMany.parts.isEmpty)
        #expect(lines(tooMany.problems) == ["2000:1 the file holds 1001 documents; at most 1000 are allowed"])
    }

    @Test func twentyVerifyCases() {
        let turn = "    - {message: hi, intent: greet}\n"
        let head = "  verify:\n"
        #expect(
            decode(manifest(spec: head + String(repeating: turn, count: 20))).parts.first?.manifest?.spec.verify.count
                == 20)
        #expect(
            only(manifest(spec: head + String(repeating: turn, count: 21)))
                == "`spec.verify` has 21 items; at most 20 are allowed")
    }

    @Test func thirtyTwoWindows() {
        let window = "{kind: deny, schedule: 0 0 * * *, duration: 1h}"
        func windows(_ count: Int) -> String {
            "  guards: {windows: [\(Array(repeating: window, count: count).joined(separator: ", "))]}"
        }
        #expect(decode(manifest(spec: windows(32))).parts.first?.manifest?.spec.guards.windows.count == 32)
        #expect(only(manifest(spec: windows(33))) == "`spec.guards.windows` has 33 items; at most 32 are allowed")
    }

    @Test func sixtyThreeCharactersOfAName() {
        let name = String(repeating: "n", count: 63)
        #expect(decode(manifest(name: name)).parts.first?.name == name)
        #expect(only(manifest(name: name + "n")) == "`metadata.name`: this has 64 characters; at most 63 are allowed")
    }

    @Test func idsOf256Characters() {
        let id = String(repeating: "ü", count: 256)
        #expect(decode(manifest(version: id)).parts.first?.manifest?.spec.version == id)
        #expect(only(manifest(version: id + "ü")) == "`spec.version`: this has 257 characters; at most 256 are allowed")
    }

    @Test func sixtyFourLabels() {
        func labelled(_ count: Int) -> String {
            let labels = (0..<count).map { "l\($0): x" }.joined(separator: ", ")
            return smallManifest.replacing("{name: one}", with: "{name: one, labels: {\(labels)}}")
        }
        #expect(decode(labelled(64)).parts.first?.manifest?.labels.count == 64)
        #expect(only(labelled(65)) == "`metadata.labels` has 65 entries; at most 64 are allowed")
    }

    @Test(arguments: [33, 999, 1001, 30_000]) func depth(levels: Int) {
        for (open, close) in [("[", "]"), ("{a: ", "}"), ("- ", ""), ("? ", "")] {
            let nested = String(repeating: open, count: levels) + "x" + String(repeating: close, count: levels)
            guard nested.utf8.count <= DocumentLimits.maxDocumentBytes else { continue }
            let found = decode(nested).allProblems
            #expect(found.first?.message == "this is nested deeper than 32 levels", "\(open): \(lines(found))")
            #expect(found.count == 1)
        }
    }

    @Test func depth32IsRead() {
        let nested = String(repeating: "[", count: 32) + String(repeating: "]", count: 32)
        #expect(decode(nested).allProblems.first?.message.contains("expected a group of fields") == true)
    }

    @Test(arguments: 5...12) func anAliasBombIsRefusedNotExpanded(levels: Int) {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1...levels {
            let alias = "*a\(level - 1)"
            text += "a\(level): &a\(level) [\(Array(repeating: alias, count: 9).joined(separator: ", "))]\n"
        }
        for bomb in [text, text + "? *a\(levels)\n: 1\n", text + "<<: *a0\n"] {
            let duration = ContinuousClock().measure {
                let found = decode(bomb).allProblems
                #expect(found.contains { $0.message.hasPrefix("anchors") })
                #expect(found.contains { $0.message.hasPrefix("aliases") })
                #expect(found.count <= DocumentLimits.maxProblems)
            }
            #expect(duration < .seconds(2))
        }
    }

    @Test func aHundredProblemsADocument() {
        let text = (0..<5000).map { "f\($0): 1" }.joined(separator: "\n")
        #expect(decode(text).allProblems.count == DocumentLimits.maxProblems)
    }

    @Test func otherEncodingsAreRefused() {
        let utf16: [UInt8] = [0xFF, 0xFE] + smallManifest.utf8.flatMap { [$0, 0] }
        #expect(bytes(utf16).problems.first?.message.contains("UTF-16") == true)
        let latin = Array(smallManifest.utf8) + Array("\n# caf".utf8) + [0xE9, 0x0A]
        let found = bytes(latin).allProblems
        #expect(found.map { "\($0.line):\($0.column)" } == ["9:6"])
        #expect(found.first?.message.contains("no UTF-8") == true)
        let halves = Array((smallManifest + "\n---\n" + smallManifest + "\n# ").utf8) + [0xC3]
        #expect(bytes(halves).parts.map { $0.manifest != nil } == [true, false])
        for bad in [[0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0x80]] as [[UInt8]] {
            #expect(
                bytes(Array("# ".utf8) + bad + Array("\na: 1".utf8)).allProblems.first?.message.contains("no UTF-8")
                    == true)
        }
        #expect(bytes(Array("a: \0b".utf8)).allProblems.first?.message.contains("U+0000") == true)
    }
}
