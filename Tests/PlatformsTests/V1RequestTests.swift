import Domain
import Exchange
import Testing

@testable import Platforms

@Suite("Requests of v1 on the wire")
struct V1RequestTests {
    @Test(
        "reads",
        arguments: [
            (PlatformRequest.versions(botId: "bot_1", page: 1), "/api/v1/bots/bot_1/versions?page=1&size=50"),
            (.versions(botId: "a/b ?#%é", page: 2), "/api/v1/bots/a%2Fb%20%3F%23%25%C3%A9/versions?page=2&size=50"),
            (
                .sessions(botId: "b&c", environment: "PRODUCTION", page: 3),
                "/api/v1/sessions?status=active&botId=b%26c&environment=PRODUCTION&page=3&size=50"
            ),
            (
                .jobs(botId: "bot_1", environment: "A B", page: 1),
                "/api/v1/deployments?botId=bot_1&environment=A%20B&page=1&size=50"
            ),
            (.jobs(botId: nil, environment: "P", page: 9), "/api/v1/deployments?environment=P&page=9&size=50"),
            (.status(jobId: "job+1"), "/api/v1/deployments/job%2B1/status"),
            (.status(jobId: "..."), "/api/v1/deployments/.../status"),
        ])
    func reads(request: PlatformRequest, target: String) throws {
        let wire = try V1Request(request)
        #expect(wire.method == .get)
        #expect(wire.target == target)
        #expect(wire.body == nil && wire.idempotencyKey == nil)
        #expect(!request.isMutation)
    }

    @Test("a deployment: force is always false", arguments: Direction.allCases, [true, false])
    func deployment(direction: Direction, validate: Bool) throws {
        let request = DeploymentRequest(
            botId: "bot/1", targetVersion: "v\"2", environment: "P", direction: direction,
            validateDependencies: validate,
            idempotencyKey: "state.rollout.1")
        let wire = try V1Request(.deploy(request))
        #expect(wire.method == .post)
        #expect(wire.target == "/api/v1/deployments")
        #expect(wire.idempotencyKey == "state.rollout.1")
        let action = direction == .rollback ? "ROLLBACK" : "DEPLOY"
        let body =
            "{\"action\":\"\(action)\",\"botId\":\"bot/1\",\"environment\":\"P\",\"force\":false,"
            + "\"targetVersionId\":\"v\\\"2\",\"validateDependencies\":\(validate)}"
        #expect(String(decoding: try #require(wire.body), as: UTF8.self) == body)
    }

    @Test("a test turn")
    func turn() throws {
        let wire = try V1Request(.test(botId: "b", environment: "P", message: "Where is my\norder?"))
        #expect(wire.method == .post && wire.target == "/api/v1/bots/b/test" && wire.idempotencyKey == nil)
        let body = "{\"environment\":\"P\",\"message\":\"Where is my\\norder?\"}"
        #expect(String(decoding: try #require(wire.body), as: UTF8.self) == body)
    }

    @Test("ids that would change the address are refused", arguments: [".", "..", "", "a\u{0}b", "a\u{202E}b", "a\nb"])
    func badIds(id: String) {
        for request in [
            PlatformRequest.versions(botId: id, page: 1), .status(jobId: id),
            .test(botId: id, environment: "P", message: "m"),
        ] {
            let failure = #expect(throws: PlatformFailure.self) { try V1Request(request) }
            #expect(failure?.kind == .invalid)
        }
    }

    @Test("an id that is too long, and an operation that v1 has not")
    func unsupported() {
        let long = String(repeating: "x", count: V1Request.maxIdBytes + 1)
        #expect(throws: PlatformFailure.self) { try V1Request(.status(jobId: long)) }
        let failure = #expect(throws: PlatformFailure.self) { try V1Request(.deployed(botId: "b", environment: "P")) }
        #expect(failure?.kind == .unsupported)
    }
}
