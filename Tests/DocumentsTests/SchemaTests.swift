import Documents
import Domain
import Foundation
import Subprocess
import Testing

/// The printed schemas against Python's `jsonschema`, an independent judge; where the machine lacks it, these tests are
/// skipped by name.
struct SchemaTests {
    private static let hasJudge = judgeWorks()

    private static func judgeWorks() -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", "import jsonschema, yaml; jsonschema.Draft202012Validator"]
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    /// Reads `{"schema": …, "documents": [yaml…]}`, answers with a list of verdicts.
    private static let judge = """
        import json, sys, yaml, jsonschema
        class Loader(yaml.SafeLoader): pass
        Loader.yaml_implicit_resolvers = {
            k: [r for r in v if r[0] != "tag:yaml.org,2002:timestamp"] for k, v in Loader.yaml_implicit_resolvers.items()}
        given = json.load(sys.stdin)
        jsonschema.Draft202012Validator.check_schema(given["schema"])
        validator = jsonschema.Draft202012Validator(given["schema"])
        print(json.dumps([validator.is_valid(yaml.load(d, Loader)) for d in given["documents"]]))
        """

    private func verdicts(_ schema: SchemaDocument, _ documents: [String]) async throws -> [Bool] {
        let object = try JSONSerialization.jsonObject(with: Data(schema.text.utf8))
        let input = try JSONSerialization.data(withJSONObject: ["schema": object, "documents": documents])
        let result = try await run(
            .name("python3"), arguments: ["-c", Self.judge], input: .data(input),
            output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20))
        return try #require(
            try? JSONDecoder().decode([Bool].self, from: Data(result.standardOutput.utf8)), "\(result.standardError)")
    }

    @Test(.enabled(if: hasJudge, "needs python3 with jsonschema and PyYAML"))
    func manifestsAreJudgedAlike() async throws {
        let corpus = SchemaCorpus.manifests
        let found = try await verdicts(.manifest, corpus)
        #expect(found.contains(true) && found.contains(false))
        for (text, accepts) in zip(corpus, found) {
            let parts = decode(text, platforms: []).parts
            #expect((parts.first?.manifest != nil) == accepts, "\(text)\n\(lines(parts.flatMap(\.problems)))")
        }
    }

    @Test(.enabled(if: hasJudge, "needs python3 with jsonschema and PyYAML"))
    func configurationsAreJudgedAlike() async throws {
        let corpus = SchemaCorpus.configurations
        let found = try await verdicts(.configuration, corpus)
        #expect(found.contains(true) && found.contains(false))
        for (text, accepts) in zip(corpus, found) {
            #expect(configurationProblems(text).isEmpty == accepts, "\(text)\n\(configurationProblems(text))")
        }
    }

    @Test(arguments: SchemaDocument.allCases)
    func theTextIsJSONAndAlwaysTheSame(schema: SchemaDocument) throws {
        let object = try #require(try JSONSerialization.jsonObject(with: Data(schema.text.utf8)) as? [String: Any])
        #expect(object["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
        #expect(object["additionalProperties"] as? Bool == false)
        #expect(schema.text == schema.text)
        #expect(schema.text.hasSuffix("}\n"))
    }
}
