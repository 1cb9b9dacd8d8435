import Documents
import Domain
import Testing

struct VersionEditorTests {
    private let decoder = ManifestDecoder(platforms: [])

    private func replace(_ text: String, _ version: String, document: Int = 0) throws -> String {
        String(
            decoding: try decoder.replacingVersion(in: Array(text.utf8), document: document, with: version),
            as: UTF8.self)
    }

    @Test(arguments: [
        ("v_67890 ", "v_2", "v_2 "), ("'v_67890' ", "v_2", "'v_2' "), ("\"v_67890\" ", "v_2", "\"v_2\" "),
        ("v_67890 ", "1.10", "\"1.10\" "), ("v_67890 ", "true", "\"true\" "), ("v_67890 ", "No", "\"No\" "),
        ("v_67890 ", "a: b", "\"a: b\" "), ("v_67890 ", "a #b", "\"a #b\" "), ("v_67890 ", "it's", "\"it's\" "),
        ("'v_67890' ", "it's", "'it''s' "), ("v_67890 ", "a\"\\b", "\"a\\\"\\\\b\" "), ("v_67890 ", "Ω", "\"Ω\" "),
        ("v_67890 ", "*x", "\"*x\" "), ("v_67890 ", "2026-01-01", "\"2026-01-01\" "), ("v_67890 ", "~", "\"~\" "),
        ("v_67890 ", "v1.2.3-rc.1+b", "v1.2.3-rc.1+b "), ("1.10 ", "1.9", "\"1.9\" "),
        ("v_67890 ", "0x1F", "\"0x1F\" "),
    ])
    func nothingButTheValueChanges(old: String, version: String, new: String) throws {
        let text = fullManifest.replacing("v_67890 ", with: old)
        let edited = try replace(text, version)
        #expect(edited == fullManifest.replacing("v_67890 ", with: new))
        #expect(decode(edited).parts.first?.manifest?.spec.version == version)
    }

    @Test(arguments: [
        ("version: v1", "version: |-\n    v1", "version: v2"),
        ("version: v1", "version: >-\n    v1\n\n  mode: alert", "version: v2\n\n  mode: alert"),
        ("version: v1", "version:\n    v1", "version:\n    v2"), ("version: v1", "\"version\": v1", "\"version\": v2"),
        ("version: v1", "? version\n  : v1", "? version\n  : v2"),
    ])
    func unusualLayoutsAreKept(old: String, layout: String, expected: String) throws {
        let text = smallManifest.replacing(old, with: layout)
        #expect(try replace(text, "v2") == smallManifest.replacing(old, with: expected))
    }

    @Test func flowGroupsAndLineEndsAreKept() throws {
        let flow =
            "{apiVersion: ballast/v1, kind: BotVersion, metadata: {name: a}, spec: {botId: b, environment: E, version: v1}}"
        #expect(try replace(flow, "v2") == flow.replacing("version: v1", with: "version: v2"))
        #expect(try replace(flow, "a,b") == flow.replacing("version: v1", with: "version: \"a,b\""))
        let windows = fullManifest.replacing("\n", with: "\r\n")
        #expect(try replace(windows, "v2") == windows.replacing("v_67890", with: "v2"))
        let marked = "\u{FEFF}" + smallManifest
        #expect(try replace(marked, "v2") == marked.replacing("version: v1", with: "version: v2"))
    }

    @Test func onlyTheDocumentMeantChanges() throws {
        let text =
            manifest(name: "a") + "\n---\n# kept\n" + manifest(name: "b") + "\n---\nnot a manifest\n---\n"
            + manifest(name: "c")
        let edited = try replace(text, "v9", document: 1)
        #expect(decode(edited).parts.map { $0.manifest?.spec.version } == ["v1", "v9", nil, "v1"])
        #expect(edited.utf8.count == text.utf8.count)
    }

    @Test(arguments: [
        (0, "", VersionEditError.Code.badVersion), (0, "a\nb", .badVersion), (0, "a\u{202E}", .badVersion),
        (0, " a", .badVersion),
        (0, String(repeating: "x", count: 257), .badVersion), (7, "v2", .noSuchDocument), (-1, "v2", .noSuchDocument),
        (1, "v2", .badDocument),
    ])
    func whatCannotBeDoneIsSaid(document: Int, version: String, code: VersionEditError.Code) {
        let error = #expect(throws: VersionEditError.self) {
            try replace(smallManifest + "\n---\nkind: x\n", version, document: document)
        }
        #expect(error?.code == code)
    }

    @Test func anyIDReadsBack() throws {
        var generator = Seeded(state: 11)
        let alphabet = Array("ab1.:-_#&*!|>'\"%@`{}[],?\\ ~=/+<ü€😀")
        for _ in 0..<300 {
            let id = String(
                (0..<Int.random(in: 1...12, using: &generator)).map { _ in
                    alphabet.randomElement(using: &generator) ?? "a"
                })
            guard id.first != " ", id.last != " " else { continue }
            let edited = try replace(fullManifest, id)
            #expect(decode(edited).parts.first?.manifest?.spec.version == id)
        }
    }
}
