import Foundation
import Hummingbird

/// One request to the platform, read but not judged.
struct Call: Sendable {
    var operation: PlatformOperation
    var botId: String?
    var environment: String?
    var jobId: String?
    var query: [String: String] = [:]
    /// The value of `Authorization`.
    var authorization: String?
    var idempotencyKey: String?
    var body: [UInt8] = []

    init(_ request: Request, body: [UInt8]) {
        (operation, botId, jobId) = Self.route(method: request.method.rawValue, path: request.uri.path)
        for (name, value) in request.uri.queryParameters { query[String(name)] = String(value) }
        self.body = body
        authorization = request.headers[.authorization]
        idempotencyKey = request.headers.value(of: "Idempotency-Key")
        switch operation {
        case .listSessions, .listDeployments:
            botId = query["botId"]
            environment = query["environment"]
        case .createDeployment:
            let order = try? JSONDecoder().decode(DeploymentOrder.self, from: Data(body))
            botId = order?.botId
            environment = order?.environment
        case .listVersions, .getDeploymentStatus, .testBot, .token, .unknown: break
        }
    }

    private static func route(method: String, path: String) -> (PlatformOperation, botId: String?, jobId: String?) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
            .map { $0.removingPercentEncoding ?? String($0) }
        if parts == ["oauth", "token"] { return (method == "POST" ? .token : .unknown, nil, nil) }
        guard parts.count >= 3, parts[0] == "api", parts[1] == "v1" else { return (.unknown, nil, nil) }
        switch (method, parts[2], parts.count) {
        case ("GET", "bots", 5) where parts[4] == "versions": return (.listVersions, parts[3], nil)
        case ("POST", "bots", 5) where parts[4] == "test": return (.testBot, parts[3], nil)
        case ("GET", "sessions", 3): return (.listSessions, nil, nil)
        case ("GET", "deployments", 3): return (.listDeployments, nil, nil)
        case ("POST", "deployments", 3): return (.createDeployment, nil, nil)
        case ("GET", "deployments", 5) where parts[4] == "status": return (.getDeploymentStatus, nil, parts[3])
        default: return (.unknown, nil, nil)
        }
    }
}

/// The body of `POST /api/v1/deployments`.
struct DeploymentOrder: Decodable {
    var botId: String
    var targetVersionId: String
    var environment: String
    var action: String
    var validateDependencies: Bool
    var force: Bool
}

/// The body of `POST /api/v1/bots/{botId}/test`.
struct TestOrder: Decodable {
    var message: String
    var environment: String?
}

extension HTTPFields {
    /// The value of a header by its name, in whatever case.
    func value(of name: String) -> String? { Element.Name(name).flatMap { self[$0] } }

    mutating func set(_ name: String, to value: String) {
        if let name = Element.Name(name) { self[name] = value }
    }
}
