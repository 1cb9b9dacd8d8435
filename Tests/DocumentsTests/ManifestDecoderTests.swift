import Documents
import Domain
import Testing

struct ManifestDecoderTests {
    @Test func readsEveryField() throws {
        let part = try #require(decode(fullManifest).parts.first)
        let manifest = try #require(part.manifest, "\(part.problems)")
        #expect(manifest.name == "order-support")
        #expect(manifest.labels == ["team": "orders", "tier": "1"])
        let spec = manifest.spec
        #expect(spec.platform == "default")
        #expect((spec.botId, spec.environment, spec.version) == ("bot_12345", "PRODUCTION", "v_67890"))
        #expect(spec.fallbackVersion == "v_60000")
        #expect((spec.mode, spec.selfHeal, spec.suspend, spec.onFailure) == (.converge, true, false, .failover))
        #expect(spec.guards.maxActiveSessions == 3)
        #expect(spec.guards.drainTimeout == .minutes(10))
        let window = Window(
            kind: .deny, schedule: "0 17 * * FRI", duration: .hours(63), timeZone: "Europe/Berlin", allowRollback: true)
        #expect(spec.guards.windows == [window])
        let turn = VerifyCase(
            message: "I need help with my order", intent: "order_support", minConfidence: 0.85,
            entities: ["product": "order"], minEntityAccuracy: 1, maxLatency: .seconds(2), attempts: 3, require: 2)
        #expect(spec.verify == [turn])
        #expect(part.name == "order-support")
        #expect(part.key == BotKey(platform: "default", botId: "bot_12345", environment: "PRODUCTION"))
        #expect((part.index, part.firstLine) == (0, 1))
        #expect(part.namePlace == Place(line: 4, column: 9))
        #expect(part.botPlace == Place(line: 8, column: 10))
    }

    @Test func whatIsLeftOutComesFromThePolicyAndThenFromTheBuiltInDefaults() throws {
        let plain = try #require(decode(smallManifest).parts.first?.manifest?.spec)
        #expect(plain.guards == Guards())
        #expect((plain.mode, plain.selfHeal, plain.onFailure, plain.verify) == (.converge, true, .failover, []))
        var defaults = ManifestDefaults()
        defaults.cooldown = .minutes(1)
        defaults.onFailure = .hold
        defaults.mode = .alert
        defaults.selfHeal = false
        defaults.windows = [Window(kind: .deny, schedule: "0 0 * * *", duration: .hours(1))]
        let ruled = try #require(decode(smallManifest, defaults: defaults).parts.first?.manifest?.spec)
        #expect(ruled.guards.cooldown == .minutes(1))
        #expect(ruled.guards.windows.count == 1)
        #expect(ruled.guards.drainTimeout == .minutes(10))
        #expect((ruled.mode, ruled.selfHeal, ruled.onFailure) == (.alert, false, .hold))
        let own = manifest(spec: "  mode: converge\n  onFailure: failover\n  guards: {cooldown: 2s, windows: []}")
        let said = try #require(decode(own, defaults: defaults).parts.first?.manifest?.spec)
        #expect((said.mode, said.selfHeal, said.onFailure) == (.converge, false, .failover))
        #expect(said.guards.cooldown == .seconds(2))
        #expect(said.guards.windows.isEmpty)
    }

    @Test(arguments: [
        "1.10", "1e3", "0o7", "0x1F", "no", "true", "2026-01-01", "1_000", "007", "-1", ".5", "v 1", "Ω", "\"1.10\"",
        "'1.10'",
    ])
    func idsAreTextAsWritten(version: String) {
        let expected = version.trimmingQuotes
        #expect(decode(manifest(version: version)).parts.first?.manifest?.spec.version == expected, "\(version)")
    }

    @Test(
        arguments: [
            ([], nil, "default"), (["default", "b"], nil, "default"), (["b"], nil, "b"), (["a", "b"], "b", "b"),
            ([], "any", "any"),
        ] as [([String], String?, String)])
    func aMissingPlatformIsTheOnlyOneOrTheDefault(platforms: [String], given: String?, expected: String) {
        let text = manifest(spec: given.map { "  platform: \($0)" } ?? "")
        let part = decode(text, platforms: platforms).parts.first
        #expect(part?.manifest?.spec.platform == expected)
        #expect(part?.key?.platform == expected)
    }

    @Test func aPlatformThatIsNotConfiguredIsAProblem() {
        let unknown = decode(manifest(spec: "  platform: defualt"), platforms: ["default", "staging"])
        #expect(
            lines(unknown.allProblems) == [
                "8:13 `spec.platform`: the configuration has no platform `defualt`; did you mean `default`?"
            ])
        let several = decode(smallManifest, platforms: ["a", "b"])
        #expect(several.allProblems.first?.message.contains("several platforms (`a`, `b`)") == true)
        #expect(several.parts.first?.key == nil)
        #expect(several.parts.first?.name == "one")
    }

    @Test(
        arguments: [
            (nil, nil, 1, 1), (3, nil, 3, 2), (9, nil, 9, 5), (2, nil, 2, 2), (3, 1, 3, 1), (3, 3, 3, 3),
        ] as [(Int?, Int?, Int, Int)])
    func attemptsThatMustPass(attempts: Int?, require: Int?, expectedAttempts: Int, expectedRequire: Int) {
        let fields = [attempts.map { "attempts: \($0)" }, require.map { "require: \($0)" }].compactMap(\.self)
        let turn = (["message: hi", "intent: greet"] + fields).joined(separator: ", ")
        let found = decode(manifest(spec: "  verify: [{\(turn)}]")).parts.first?.manifest?.spec.verify.first
        #expect(found?.attempts == expectedAttempts)
        #expect(found?.require == expectedRequire)
    }

    @Test func manyDocumentsInOneFile() {
        let text =
            "# first comment\n---\n" + manifest(name: "a") + "\n---\n# nothing\n---\n" + manifest(name: "b")
            + "\n...\n--- # c\n"
            + manifest(name: "c") + "\n---\n"
        let file = decode(text)
        #expect(file.parts.map(\.name) == ["a", "b", "c"])
        #expect(file.parts.map(\.index) == [0, 1, 2])
        #expect(file.parts.allSatisfy { $0.manifest != nil }, "\(lines(file.allProblems))")
        #expect(file.parts.map(\.firstLine) == [2, 13, 23])
    }

    @Test func oneBadDocumentDoesNotMakeTheOthersUnreadable() {
        let text =
            manifest(name: "a") + "\n---\nspec: {botId: [}\n---\n" + manifest(name: "c") + "\n---\n\"open\n---\n"
            + manifest(name: "d")
        let file = decode(text)
        #expect(file.parts.map { $0.manifest?.name } == ["a", nil, "c", nil, "d"])
        #expect(file.parts[1].problems.first?.line == 10)
        #expect(lines(file.parts[3].problems) == ["21:1 this is not YAML: this quoted text is never closed"])
    }

    @Test(arguments: ["\r\n", "\r"])
    func otherLineEndsCountTheSame(end: String) {
        let text = fullManifest.replacing("selfHeal: true", with: "selfHeal: maybe").replacing("\n", with: end)
        #expect(lines(decode(text).allProblems) == ["13:13 `spec.selfHeal`: expected `true` or `false`, found `maybe`"])
    }

    @Test func aByteOrderMarkIsPassedOver() {
        #expect(decode("\u{FEFF}" + smallManifest).parts.first?.manifest != nil)
        let bad = decode("\u{FEFF}oops: 1\n" + smallManifest)
        #expect(bad.allProblems.first?.line == 1)
        #expect(bad.allProblems.first?.column == 1)
        #expect(decode("\u{FEFF}---\n" + smallManifest).parts.map(\.name) == ["one"])
    }

    @Test func columnsCountCharacters() {
        let text = smallManifest.replacing(
            "metadata: {name: one}", with: "metadata: {labels: {ä: ö}, name: one, näme: 1}")
        #expect(decode(text).allProblems.map { "\($0.line):\($0.column)" } == ["3:21", "3:39"])
    }

    @Test func anEmptyFileHoldsNothing() {
        for text in ["", "\n\n", "# only a comment", "---\n---\n", "\u{FEFF}", "---", "...\n"] {
            let file = decode(text)
            #expect(file.parts.isEmpty, "\(text.debugDescription)")
            #expect(file.problems.isEmpty)
        }
    }

    @Test func whatCouldBeToldOfABadDocumentIsTold() {
        let bad = decode(fullManifest.replacing("mode: converge", with: "mode: [")).parts.first
        #expect(bad?.manifest == nil)
        #expect(bad?.name == "order-support")
        #expect(bad?.key == BotKey(platform: "default", botId: "bot_12345", environment: "PRODUCTION"))
        let early = decode("apiVersion: ballast/v1\nmetadata: {name: x}\nspec:\n  botId: b\n\tenvironment: E").parts
            .first
        #expect(early?.name == "x")
        #expect(early?.key == nil)
    }

    @Test func rawTextIsThatOfTheDocumentAlone() throws {
        let file = decode(manifest(name: "a") + "\n---\n" + fullManifest + "# behind\n---\n" + manifest(name: "c"))
        let raw = try #require(file.parts.dropFirst().first)
        #expect(String(decoding: raw.raw, as: UTF8.self) == "---\n" + fullManifest + "# behind\n")
        let spec = String(decoding: raw.rawSpec ?? [], as: UTF8.self)
        #expect(spec.hasPrefix("platform: default"))
        #expect(spec.hasSuffix("onFailure: failover"))
        let range = try #require(raw.versionRange)
        let bytes = Array((manifest(name: "a") + "\n---\n" + fullManifest).utf8)
        #expect(String(decoding: bytes[range], as: UTF8.self) == "v_67890")
    }
}

extension String {
    var trimmingQuotes: String { first == "\"" || first == "'" ? String(dropFirst().dropLast()) : self }

    func replacing(_ part: String, with other: String) -> String {
        var result = ""
        var rest = self[...]
        while let range = rest.firstRange(of: part) {
            result += rest[..<range.lowerBound] + other
            rest = rest[range.upperBound...]
        }
        return result + rest
    }
}
