import Domain
import Exchange
import FoundationEssentials

/// One operation of `platform-v1.openapi.yaml`, as it goes on the wire.
struct V1Request {
    /// Items of a page that we ask for; the most that the platform gives.
    static let pageSize = 50
    /// Bytes of the longest id that is put into an address or taken from an answer.
    static let maxIdBytes = 256

    var method: HTTPCall.Method
    /// Below the platform's address, percent-encoded, with its query.
    var target: String
    var body: [UInt8]?
    var idempotencyKey: String?

    /// - Throws: `PlatformFailure`: `unsupported` for what this platform has no operation for, `invalid` for an id that no
    ///   address can hold.
    init(_ request: PlatformRequest) throws(PlatformFailure) {
        switch request {
        case .versions(let botId, let page):
            self.init(.get, "bots/\(try V1Request.segment(botId))/versions", V1Request.paging(page))
        case .sessions(let botId, let environment, let page):
            let filter = [("status", "active"), ("botId", botId), ("environment", environment)]
            self.init(.get, "sessions", filter + V1Request.paging(page))
        case .jobs(let botId, let environment, let page):
            let filter = (botId.map { [("botId", $0)] } ?? []) + [("environment", environment)]
            self.init(.get, "deployments", filter + V1Request.paging(page))
        case .deployed:
            throw PlatformFailure(.unsupported, "A v1 platform has no operation for the deployed version but its jobs.")
        case .status(let jobId):
            self.init(.get, "deployments/\(try V1Request.segment(jobId))/status", [])
        case .deploy(let deployment):
            self.init(.post, "deployments", [])
            body = try V1Request.json(DeploymentBody(deployment))
            idempotencyKey = deployment.idempotencyKey
        case .test(let botId, let environment, let message):
            self.init(.post, "bots/\(try V1Request.segment(botId))/test", [])
            body = try V1Request.json(TestBody(environment: environment, message: message))
        }
    }

    private init(_ method: HTTPCall.Method, _ path: String, _ query: [(String, String)]) {
        self.method = method
        target = "/api/v1/\(path)" + (query.isEmpty ? "" : "?\(PercentEncoding.query(query))")
    }

    private static func paging(_ page: Int) -> [(String, String)] { [("page", "\(page)"), ("size", "\(pageSize)")] }

    /// An id as one segment of a path. `.` and `..` are refused: servers and proxies resolve them, encoded or not.
    private static func segment(_ id: String) throws(PlatformFailure) -> String {
        guard id != ".", id != "..", UntrustedText.isPlain(id, maxBytes: maxIdBytes) else {
            throw PlatformFailure(.invalid, "The id '\(UntrustedText.cleaned(id))' cannot be part of an address.")
        }
        return PercentEncoding.encode(id)
    }

    private static func json(_ body: some Encodable) throws(PlatformFailure) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(body))
        } catch {
            throw PlatformFailure(.invalid, "The request cannot be written as JSON.")
        }
    }
}

/// `force` is written out and never true.
private struct DeploymentBody: Encodable {
    var action: String
    var botId: String
    var environment: String
    var force = false
    var targetVersionId: String
    var validateDependencies: Bool

    init(_ request: DeploymentRequest) {
        action =
            switch request.direction {
            case .rollback: "ROLLBACK"
            case .deployment: "DEPLOY"
            }
        botId = request.botId
        environment = request.environment
        targetVersionId = request.targetVersion
        validateDependencies = request.validateDependencies
    }
}

private struct TestBody: Encodable {
    var environment: String
    var message: String
}
