import Domain
import Exchange
import Foundation
import Support
import Testing

@testable import Notifications

@Suite("CDEvents in CloudEvents", .timeLimit(.minutes(2)))
struct CDEventsFormatTests {
    static func format(
        _ mode: SinkSettings.Mode = .structured, _ version: SinkSettings.Version = .v05
    ) -> CDEventsFormat {
        CDEventsFormat(origin: "https://git.example/team/bots.git", mode: mode, version: version)
    }

    static func succeeded(from: String?, _ direction: Direction) -> Event {
        var event = makeRollout("rollout.succeeded", outcome: .succeeded)
        event.from = from
        event.rollout?.direction = direction
        return event
    }

    static let failedOver: Event = {
        var event = makeRollout("rollout.failed-over", outcome: .failedOver)
        event.rollout?.fallback = "v/6 ü"
        return event
    }()

    static let context05 = """
        "context":{"specversion":"0.5.1","id":"01934f00-0000-7000-8000-000000000001",\
        "source":"https://git.example/team/bots.git","type":"dev.cdevents.service.rolledback.0.3.0",\
        "timestamp":"2026-11-22T10:00:00.000Z","chainId":"r1"}
        """

    @Test("structured: one document with the CDEvent in it, byte by byte")
    func structured() {
        let event = Self.succeeded(from: "v_70000", .rollback)
        let (requests, answer) = drive(Self.format(), event) { _ in HTTPAnswer(status: 202) }
        #expect(answer == .delivered(status: 202))
        let body = String(decoding: WebhookBody.render(event), as: UTF8.self)
        let expected = """
            {"id":"01934f00-0000-7000-8000-000000000001","source":"https://git.example/team/bots.git",\
            "specversion":"1.0","type":"dev.cdevents.service.rolledback.0.3.0",\
            "subject":"default/bot_12345/PRODUCTION","time":"2026-11-22T10:00:00.000Z",\
            "datacontenttype":"application/json","data":{\(Self.context05),\
            "subject":{"id":"default/bot_12345/PRODUCTION","source":"https://git.example/team/bots.git",\
            "content":{"environment":{"id":"PRODUCTION"},"artifactId":"pkg:generic/default/bot_12345@v_67890"}},\
            "customData":\(body),"customDataContentType":"application/json"}}
            """
        #expect(requests.first?.text == expected)
        #expect(requests.first?.header("Content-Type") == "application/cloudevents+json")
        #expect(requests.first?.header("webhook-signature") == nil)
    }

    @Test("binary: the attributes are headers, encoded; the body is the CDEvent alone")
    func binary() {
        var event = Self.succeeded(from: "v_70000", .rollback)
        event.bot?.key.botId = "bot \"ü\" 100%"
        let request = drive(Self.format(.binary), event).requests.first
        #expect(request?.header("Content-Type") == "application/json")
        #expect(request?.header("ce-id") == event.id && request?.header("ce-specversion") == "1.0")
        #expect(request?.header("ce-type") == "dev.cdevents.service.rolledback.0.3.0")
        #expect(request?.header("ce-source") == "https://git.example/team/bots.git")
        #expect(request?.header("ce-time") == "2026-11-22T10:00:00.000Z")
        #expect(request?.header("ce-subject") == "default/bot%20%22%C3%BC%22%20100%25/PRODUCTION")
        #expect(request?.header("ce-datacontenttype") == nil)
        #expect(request?.text.hasPrefix("{\(Self.context05),\"subject\":{") == true)
    }

    @Test("a secret signs the body, with one id in all envelopes")
    func signed() throws {
        let key = SigningKey.shared(Array("key".utf8))
        for mode in SinkSettings.Mode.allCases {
            let event = Self.succeeded(from: "v_70000", .rollback)
            let request = try #require(drive(Self.format(mode), event, keys: [key]).requests.first)
            let signature = WebhookSignature.header(
                id: event.id, timestamp: ten.milliseconds / 1000, body: request.body ?? [], keys: [key])
            #expect(request.header("webhook-signature") == signature && request.header("webhook-id") == event.id)
        }
    }

    @Test("a first version is deployed, a newer one upgraded, an older one and a fallback rolled back")
    func services() {
        func type(_ event: Event) -> String { CDEvent(event, origin: "", version: .v05).type }
        #expect(type(Self.succeeded(from: nil, .deployment)) == "dev.cdevents.service.deployed.0.3.0")
        #expect(type(Self.succeeded(from: nil, .rollback)) == "dev.cdevents.service.deployed.0.3.0")
        #expect(type(Self.succeeded(from: "a", .deployment)) == "dev.cdevents.service.upgraded.0.3.0")
        #expect(type(Self.succeeded(from: "a", .rollback)) == "dev.cdevents.service.rolledback.0.3.0")
        #expect(type(Self.failedOver) == "dev.cdevents.service.rolledback.0.3.0")
        let text = String(decoding: CDEvent(Self.failedOver, origin: "", version: .v04).body.bytes, as: UTF8.self)
        #expect(text.contains("\"artifactId\":\"pkg:generic/default/bot_12345@v%2F6%20%C3%BC\""))
        #expect(text.contains("\"version\":\"0.4.1\"") && text.contains("\"type\":\"service\""))
    }

    @Test("drift is an incident that keeps its id from its beginning to its end")
    func incidents() {
        let types = ["drift.detected", "drift.changed", "drift.resolved"]
        let found = types.map { CDEvent(makeDrift($0), origin: "", version: .v05) }
        #expect(
            found.map(\.type) == [
                "dev.cdevents.incident.detected.0.3.0", "dev.cdevents.incident.detected.0.3.0",
                "dev.cdevents.incident.resolved.0.3.0",
            ])
        #expect(Set(found.map(\.subjectId)) == ["f00d"])
    }

    /// Reads `[body, …]`, checks each against the schema of its own version and type, answers with their types.
    static let schemaScript = """
        import json, pathlib, sys, jsonschema, referencing
        folder = pathlib.Path(sys.argv[1])
        schemas = [json.loads(p.read_text()) for p in folder.rglob("*.json")]
        registry = referencing.Registry().with_resources(
            [(s["$id"], referencing.Resource.from_contents(s)) for s in schemas])
        def schema(version, kind):
            if kind.startswith("dev.cdeventsx."): return f"https://cdevents.dev/{version}/schema/custom"
            _, _, subject, predicate = kind.split(".")[:4]
            return f"https://cdevents.dev/{version}/schema/{subject}-{predicate}-event"
        for body in json.load(sys.stdin):
            context = body["context"]
            version = context.get("specversion") or context["version"]
            contents = registry.contents(schema(version, context["type"]))
            jsonschema.Draft202012Validator(
                contents, registry=registry, format_checker=jsonschema.FormatChecker()).validate(body)
            print(context["type"])
        """

    @Test(
        "every event is valid by the schemas of CDEvents, in both versions",
        .enabled(if: Verifiers.schemas, "needs the Python packages jsonschema and referencing"),
        arguments: SinkSettings.Version.allCases)
    func published(version: SinkSettings.Version) async throws {
        let events =
            everyEvent + [
                Self.succeeded(from: nil, .deployment), Self.succeeded(from: "a", .deployment), Self.failedOver,
            ]
        let bodies = events.map { CDEvent($0, origin: "ssh://git.example/a%20b", version: version).body }
        let folder = "\(Verifiers.root)/Tests/NotificationsTests/Fixtures/cdevents"
        let printed = try await Verifiers.run(Self.schemaScript, [folder], input: JSONNode.array(bodies).bytes)
        let types = printed.split(separator: "\n")
        #expect(types.count == events.count)
        #expect(types.contains("dev.cdeventsx.ballast-rollout.timedout.0.1.0"))
        #expect(types.contains("dev.cdeventsx.ballast-sink.deadletter.0.1.0"))
        // The judge does judge: a member that the schema does not know is refused.
        let broken = String(decoding: JSONNode.array(bodies).bytes, as: UTF8.self)
            .replacing("\"content\":{", with: "\"content\":{},\"extra\":{")
        await #expect(throws: (any Error).self) {
            try await Verifiers.run(Self.schemaScript, [folder], input: Array(broken.utf8))
        }
    }

    static let cloudEventScript = """
        import json, sys
        from cloudevents.core.bindings.http import HTTPMessage, from_http_event
        from cloudevents.core.formats.json import JSONFormat
        given = json.load(sys.stdin)
        event = from_http_event(HTTPMessage(headers=given["headers"], body=given["body"].encode()), JSONFormat())
        data = event.get_data()
        if isinstance(data, (bytes, str)): data = json.loads(data)
        print(event.get_id(), event.get_type(), event.get_source(), event.get_subject(), data["context"]["id"])
        """

    @Test(
        "the library of CloudEvents reads both modes",
        .enabled(if: Verifiers.cloudEvents, "needs the Python package cloudevents"),
        arguments: SinkSettings.Mode.allCases)
    func library(mode: SinkSettings.Mode) async throws {
        var event = Self.succeeded(from: "v_70000", .rollback)
        event.bot?.key.botId = "bot \"ü\" 100%"
        let request = try #require(drive(Self.format(mode), event).requests.first)
        let message = JSONNode.object([
            ("headers", .object(request.headers.map { ($0.name, .string($0.value)) })), ("body", .string(request.text)),
        ])
        let printed = try await Verifiers.run(Self.cloudEventScript, input: message.bytes)
        #expect(
            printed
                == "\(event.id) dev.cdevents.service.rolledback.0.3.0 https://git.example/team/bots.git "
                + "default/bot \"ü\" 100%/PRODUCTION \(event.id)\n")
    }
}
