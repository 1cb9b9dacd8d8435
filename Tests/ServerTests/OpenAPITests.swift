import Domain
import Foundation
import Support
import Synchronization
import Testing

@testable import Server

/// The document against `openapi-spec-validator`, and real answers against the document, by Python's `jsonschema`; where
/// the machine lacks one of them, these tests are skipped by name.
@Suite("The OpenAPI document")
struct OpenAPITests {
    private static let hasValidator = Verifiers.has("openapi_spec_validator")
    private static let hasJudge = Verifiers.has("jsonschema.validators")

    private func python(_ script: String, _ input: Any) async throws -> String {
        try await Verifiers.run(script, input: Array(try JSONSerialization.data(withJSONObject: input)))
    }

    @Test(.enabled(if: hasValidator, "needs python3 with openapi-spec-validator"))
    func theDocumentIsValid() async throws {
        let script = """
            import json, sys
            from openapi_spec_validator import validate
            document = json.load(sys.stdin)
            assert document["openapi"].startswith("3.1"), document["openapi"]
            validate(document)
            print("valid")
            """
        try await ServerStage.run { stage in
            let document = try await stage.get("/api/v1/openapi.json")
            #expect(document.headers["content-type"] == "application/json")
            #expect(try await python(script, document.json) == "valid\n")
        }
    }

    @Test("every path of the description is in it, with its method, and nothing else")
    func paths() async throws {
        try await ServerStage.run { stage in
            let document = try await stage.get("/api/v1/openapi.json").json
            let paths = try #require(document["paths"] as? [String: [String: Any]])
            var found: Set<String> = []
            for (path, item) in paths { for method in item.keys { found.insert("\(method) \(path)") } }
            let bots = ["reconcile", "suspend", "resume", "release", "waive", "rollback"].map {
                "post /api/v1/bots/{name}/\($0)"
            }
            let platforms = ["release", "suspend", "resume", "approve"].map { "post /api/v1/platforms/{name}/\($0)" }
            let hooks = ["github", "gitlab", "gitea", "bitbucket", "azure", "generic"].map { "post /hooks/\($0)" }
            let expected = [
                "get /healthz", "get /readyz", "get /metrics", "get /api/v1/bots", "get /api/v1/bots/{name}",
                "get /api/v1/bots/{name}/rollouts", "get /api/v1/rollouts", "get /api/v1/rollouts/{id}",
                "get /api/v1/plan", "get /api/v1/events", "get /api/v1/notifications", "get /api/v1/audit",
                "get /api/v1/openapi.json", "post /api/v1/reconcile", "post /api/v1/suspend", "post /api/v1/resume",
                "post /api/v1/commits/{sha}/approve", "post /api/v1/notifications/{id}/redeliver",
                "get /api/v1/caller", "get /api/v1/requests/{id}", "get /api/v1/requests/{id}/report",
                "get /api/v1/bots/{name}/trace", "post /api/v1/sinks/{name}/enable",
                "post /api/v1/sinks/{name}/redeliver", "get /api/v1/troubles",
            ]
            #expect(found == Set(expected + bots + platforms + hooks))
            let identifiers = paths.values.flatMap(\.values).compactMap {
                ($0 as? [String: Any])?["operationId"] as? String
            }
            #expect(Set(identifiers).count == found.count)
        }
    }

    /// Reads `{"document", "samples": [{"path", "method", "status", "type", "body"}]}`, prints what does not fit.
    private static let judge = """
        import json, sys, jsonschema
        given = json.load(sys.stdin)
        document = given["document"]
        for sample in given["samples"]:
            where = f"{sample['method']} {sample['path']} {sample['status']}"
            answers = document["paths"][sample["path"]][sample["method"]]["responses"]
            if sample["status"] not in answers:
                print(where, "is not in the document")
                continue
            content = answers[sample["status"]]["content"]
            if sample["type"] not in content:
                print(where, sample["type"], "is not in the document")
                continue
            schema = dict(content[sample["type"]]["schema"], components=document["components"])
            for error in jsonschema.Draft202012Validator(schema).iter_errors(sample["body"]):
                print(where, error.json_path, error.message[:300])
        """

    @Test(.enabled(if: hasJudge, "needs python3 with jsonschema"))
    func answersAreAsItSays() async throws {
        let commit = RollbackCommit(
            id: CommitID(String(repeating: "a", count: 40)), path: "a.yaml", from: "v2", to: "v1", reverts: nil)
        let works = DeskWorks(rollback: { _ in .pushed(commit) }, plan: DeskWorks.refusing.plan)
        try await ServerStage.run(
            works: works,
            prepare: { world in
                world.state.withLock { state in
                    for name in ["a", "b"] { state.platform.add("id-\(name)", versions: ["v1", "v2"]) }
                    state.platform.jobTime = .milliseconds(10)
                }
                world.commit(["a", "b"], version: "v1", labels: ["team": "orders"])
            },
            { stage in
                try await eventually("the rollouts ended") {
                    let answer = try await stage.get("/api/v1/events?type=rollout.succeeded")
                    return (answer.json["items"] as? [Any])?.count == 2
                }
                let rollouts = try await stage.get("/api/v1/rollouts").json["items"] as? [[String: Any]]
                let rollout = try #require(rollouts?.first?["id"] as? String)
                let events = try await stage.get("/api/v1/events").json["items"] as? [[String: Any]]
                let event = try #require(events?.first?["id"] as? String)
                let requests: [(String, String, [String: String], String?)] = [
                    ("get", "/api/v1/bots", [:], nil), ("get", "/api/v1/bots/{name}", ["name": "a"], nil),
                    ("get", "/api/v1/bots/{name}", ["name": "none"], nil),
                    ("get", "/api/v1/bots/{name}/rollouts", ["name": "a"], nil), ("get", "/api/v1/rollouts", [:], nil),
                    ("get", "/api/v1/rollouts/{id}", ["id": rollout], nil), ("get", "/api/v1/plan", [:], nil),
                    ("get", "/api/v1/events", [:], nil), ("get", "/api/v1/notifications", [:], nil),
                    ("get", "/api/v1/audit", [:], nil), ("get", "/api/v1/troubles", [:], nil),
                    ("get", "/api/v1/openapi.json", [:], nil),
                    ("get", "/healthz", [:], nil), ("get", "/readyz", [:], nil),
                    ("post", "/api/v1/suspend", [:], #"{"reason": "x", "for": "1h"}"#),
                    ("post", "/api/v1/suspend", [:], "{}"), ("post", "/api/v1/resume", [:], #"{"reason": "x"}"#),
                    ("post", "/api/v1/reconcile", [:], #"{"reason": "x"}"#),
                    ("post", "/api/v1/bots/{name}/rollback", ["name": "a"], #"{"reason": "x"}"#),
                    ("post", "/api/v1/bots/{name}/waive", ["name": "a"], #"{"reason": "x", "guard": "window"}"#),
                    ("post", "/api/v1/notifications/{id}/redeliver", ["id": event], #"{"reason": "x"}"#),
                    ("post", "/hooks/generic", [:], "{}"),
                ]
                var samples: [[String: Any]] = []
                for (method, pattern, names, body) in requests {
                    let path = names.reduce(pattern) { $0.replacing("{\($1.key)}", with: $1.value) }
                    let answer =
                        body == nil ? try await stage.get(path) : try await stage.post(path, body ?? "")
                    samples.append([
                        "method": method, "path": pattern, "status": "\(answer.status)",
                        "type": answer.headers["content-type"] ?? "", "body": answer.json,
                    ])
                }
                let document = try await stage.get("/api/v1/openapi.json").json
                let found = try await python(Self.judge, ["document": document, "samples": samples])
                #expect(found.isEmpty)
            })
    }
}
