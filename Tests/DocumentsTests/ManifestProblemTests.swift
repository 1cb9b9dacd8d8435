import Documents
import Domain
import Testing

/// What bad input is told, word by word: the sentences are what people work with.
struct ManifestProblemTests {
    @Test(arguments: [
        ("version: v1", "vresion: v1", ["7:3 unknown field `vresion` in `spec`; did you mean `version`?"]),
        ("version: v1", "version: ''", ["7:12 `spec.version`: expected a text, found an empty text"]),
        ("version: v1", "version:", ["7:11 `spec.version`: expected a text, found nothing"]),
        ("version: v1", "version: ~", ["7:12 `spec.version`: expected a text, found nothing"]),
        ("version: v1", "version: null", ["7:12 `spec.version`: expected a text, found nothing"]),
        ("version: v1", "version: [v1]", ["7:12 `spec.version`: expected a text, found a list"]),
        ("version: v1", "version: {a: b}", ["7:12 `spec.version`: expected a text, found a group of fields"]),
        ("version: v1", "version: ' v1'", ["7:12 `spec.version`: ` v1` begins or ends with a space"]),
        ("version: v1", "version: v1\n  version: v2", ["8:3 the field `version` stands here for the second time"]),
        (
            "version: v1", "version: &a v1",
            ["7:12 anchors (`&name`) are not read; write each value out where it is used"]
        ),
        ("version: v1", "version: *a", ["7:12 aliases (`*name`) are not read; write the value out"]),
        ("version: v1", "version: !!str v1", ["7:12 tags (`!…`) are not read; write the value without one"]),
        ("version: v1", "version: ! v1", ["7:12 tags (`!…`) are not read; write the value without one"]),
        ("version: v1", "version: !!str 'v1'", ["7:12 tags (`!…`) are not read; write the value without one"]),
        ("version: v1", "version: v1\n  <<: {a: b}", ["8:3 merge keys (`<<`) are not read; write the fields out"]),
        ("version: v1", "version: v1\n  ? [a]\n  : b", ["8:5 expected the name of a field, found a list"]),
        (
            "version: v1", "version: v1\n  mode: Converge",
            ["8:9 `spec.mode`: expected `converge` or `alert`, found `Converge`; did you mean `converge`?"]
        ),
        (
            "version: v1", "version: v1\n  selfHeal: yes",
            ["8:13 `spec.selfHeal`: expected `true` or `false`, found `yes`"]
        ),
        (
            "version: v1", "version: v1\n  selfHeal: 'true'",
            ["8:13 `spec.selfHeal`: expected `true` or `false`, found `true` (quotes make a text of it)"]
        ),
        (
            "version: v1", "version: v1\n  guards: {cooldown: 10}",
            [
                "8:22 `spec.guards.cooldown`: `10` has no unit: expected a duration such as `30s`, `10m` or `1h30m`, from 0s to 30d"
            ]
        ),
        (
            "version: v1", "version: v1\n  guards: {cooldown: 31d}",
            [
                "8:22 `spec.guards.cooldown`: expected a duration such as `30s`, `10m` or `1h30m`, from 0s to 30d, found `31d`"
            ]
        ),
        (
            "version: v1", "version: v1\n  guards: {maxActiveSessions: -1}",
            ["8:31 `spec.guards.maxActiveSessions`: expected a whole number from 0 to 1000000, found `-1`"]
        ),
        (
            "version: v1", "version: v1\n  guards: {maxActiveSessions: 010}",
            ["8:31 `spec.guards.maxActiveSessions`: expected a whole number from 0 to 1000000, found `010`"]
        ),
        (
            "version: v1", "version: v1\n  guards: {windows: [{kind: deny, schedule: 0 17 * * FRY, duration: 1h}]}",
            [
                "8:45 `spec.guards.windows[0].schedule`: `0 17 * * FRY` is no schedule: `FRY` is no day of the week: expected 0 to 7 or a name such as `MON`"
            ]
        ),
        (
            "version: v1",
            "version: v1\n  guards: {windows: [{kind: deny, schedule: 0 17 * * FRI, duration: 1h, timeZone: Europe/Berlim}]}",
            ["8:83 `Europe/Berlim` is no known time zone: expected an IANA name such as `Europe/Berlin`"]
        ),
        (
            "version: v1", "version: v1\n  guards:",
            ["8:10 `spec.guards`: expected a group of fields (guards), found nothing"]
        ),
        ("version: v1", "version: v1\n  verify: {}", ["8:11 `spec.verify`: expected a list, found a group of fields"]),
        (
            "version: v1", "version: v1\n  verify: [{message: hi}]",
            ["8:12 missing field `spec.verify[0].intent`: expected a text"]
        ),
        (
            "version: v1", "version: v1\n  verify: [{message: hi, intent: x, minConfidence: 1.01}]",
            ["8:52 `spec.verify[0].minConfidence`: expected a number from 0.0 to 1.0, found `1.01`"]
        ),
        (
            "version: v1", "version: v1\n  verify: [{message: hi, intent: x, minConfidence: nan}]",
            ["8:52 `spec.verify[0].minConfidence`: expected a number from 0.0 to 1.0, found `nan`"]
        ),
        (
            "version: v1", "version: v1\n  verify: [{message: hi, intent: x, attempts: 10}]",
            ["8:47 `spec.verify[0].attempts`: expected a whole number from 1 to 9, found `10`"]
        ),
        (
            "version: v1", "version: v1\n  verify: [{message: hi, intent: x, attempts: 2, require: 3}]",
            ["8:59 `require` is 3, more than `attempts`, which is 2"]
        ),
        (
            "version: v1", "version: v1\n  verify: [{message: hi, intent: x, minEntityAccuracy: 1}]",
            ["8:56 `minEntityAccuracy` needs `entities` to compare"]
        ),
        (
            "kind: BotVersion", "kind: BotVersions",
            ["2:7 `kind`: expected `BotVersion`, found `BotVersions`; did you mean `BotVersion`?"]
        ),
        (
            "apiVersion: ballast/v1", "apiVersion: ballast/v2",
            ["1:13 `apiVersion`: expected `ballast/v1`, found `ballast/v2`; did you mean `ballast/v1`?"]
        ),
        (
            "name: one", "name: a b",
            ["3:18 `metadata.name`: `a b` is not allowed: expected at most 63 letters, digits, `-` and `.`"]
        ),
        (
            "name: one", "name: näme",
            ["3:18 `metadata.name`: `näme` is not allowed: expected at most 63 letters, digits, `-` and `.`"]
        ),
        (
            "name: one", "name: \"a\\u202Eb\"",
            [
                "3:18 `metadata.name`: the character U+202E is not allowed here: it can't be seen, and could deceive who reads it"
            ]
        ),
        (
            "version: v1", "version: \"v\\x071\"",
            [
                "7:12 `spec.version`: the character U+0007 is not allowed here: it can't be seen, and could deceive who reads it"
            ]
        ),
        (
            "version: v1", "version: \"v\\n1\"",
            [
                "7:12 `spec.version`: the character U+000A is not allowed here: it can't be seen, and could deceive who reads it"
            ]
        ),
        (
            "version: v1", "version: v\u{202E}1",
            [
                "7:12 `spec.version`: the character U+202E is not allowed here: it can't be seen, and could deceive who reads it"
            ]
        ),
        (
            "botId: bot_one", "botId: \"bot\\0one\"",
            [
                "5:10 `spec.botId`: the character U+0000 is not allowed here: it can't be seen, and could deceive who reads it"
            ]
        ),
        (
            "metadata: {name: one}", "metadata: {name: one, labels: {'a=b': c}}",
            ["3:32 `metadata.labels`: `a=b` is not allowed: expected at most 63 letters, digits, `-`, `.`, `_` and `/`"]
        ),
        (
            "version: v1", "version: v\u{7}1",
            ["7:13 the character U+0007 may not be in a file; write text as UTF-8 without control characters"]
        ),
    ])
    func aProblemIsToldAtItsPlace(part: String, replacement: String, expected: [String]) {
        let file = decode(smallManifest.replacing(part, with: replacement))
        let found = lines(file.allProblems)
        if expected.first?.hasSuffix("…") == true {
            #expect(found.dropFirst() == expected.dropFirst(), "\(found)")
        } else {
            #expect(found == expected)
        }
        #expect(file.allProblems.allSatisfy { $0.path == "bots/a.yaml" })
    }

    @Test(arguments: [
        ("version: v1", "version: @v1", "no value can begin with this character"),
        ("version: v1", "version: a: b", "a `:` stands where no field can begin"),
        ("version: v1", "version: [v1", "not closed"),
        ("version: v1", "version: 'v1", "this quoted text is never closed"),
        ("version: v1", "\tversion: v1", "spaces instead of tabs"),
        ("apiVersion: ballast/v1", "%YAML 1.1\napiVersion: ballast/v1", "expected one document"),
        ("apiVersion: ballast/v1", "apiVersion: ballast/v1\n...\n", "`---`"),
    ])
    func errorsOfSyntaxSayWhatToDo(part: String, replacement: String, expected: String) {
        let found = lines(decode(smallManifest.replacing(part, with: replacement)).allProblems)
        #expect(found.contains { $0.contains(expected) }, "\(found)")
        #expect(!found.contains { $0.hasPrefix("0:") })
    }

    @Test func allProblemsAreReportedInTheOrderOfTheFile() {
        let text = """
            apiVersion: ballast/v9
            kind: Bot
            metadata: {nam: x}
            spec: {botid: b, version: [], mode: no, suspend: 7}
            extra: 1
            """
        let found = decode(text).allProblems
        #expect(found.count == 9, "\(lines(found))")
        #expect(
            found.map { [$0.line, $0.column] }
                == found.map { [$0.line, $0.column] }.sorted { $0.lexicographicallyPrecedes($1) })
        for word in [
            "apiVersion", "kind", "`nam`", "`botid`", "spec.environment", "spec.version",
            "spec.mode", "spec.suspend", "`extra`",
        ] {
            #expect(found.contains { $0.message.contains(word) }, "\(word)")
        }
        // What is misspelt is not missing besides.
        #expect(!found.contains { $0.message.contains("missing field `metadata.name`") }, "\(lines(found))")
    }

    @Test func duplicatesAndAnchorsAreAllReported() {
        let text = smallManifest.replacing("version: v1", with: "version: &x v1\n  version: &y v2\n  botId: z")
        #expect(decode(text).allProblems.count == 4)
    }

    @Test(arguments: ["hello", "[a, b]", "42", "~", "''"])
    func aDocumentThatIsNoGroupIsAProblem(text: String) {
        let found = lines(decode(text).allProblems)
        #expect(found.count == 1)
        #expect(found.first?.contains("expected a group of fields (a manifest)") == true, "\(found)")
    }

    @Test func longTextsAreCutInMessages() {
        let found = decode(manifest(spec: "  mode: " + String(repeating: "x", count: 5000))).allProblems
        #expect(found.first.map { $0.message.count < 200 } == true)
    }
}
