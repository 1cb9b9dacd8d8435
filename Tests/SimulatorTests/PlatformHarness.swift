import AsyncHTTPClient
import Domain
import Foundation
import NIOCore
import NIOHTTP1
import Simulator

/// What came back over the socket.
struct Reply {
    let status: Int
    let headers: HTTPHeaders
    let body: [UInt8]

    func header(_ name: String) -> String? { headers.first(name: name) }

    var text: String { String(decoding: body, as: UTF8.self) }

    var json: Any? { try? JSONSerialization.jsonObject(with: Data(body)) }

    /// A value by its path, `data.0.id`.
    subscript(_ path: String) -> Any? {
        path.split(separator: ".").reduce(json) { value, step in
            if let list = value as? [Any], let index = Int(step) {
                return list.indices.contains(index) ? list[index] : nil
            }
            return (value as? [String: Any])?[String(step)]
        }
    }

    func string(_ path: String) -> String? { self[path] as? String }
    func number(_ path: String) -> Double? { (self[path] as? NSNumber)?.doubleValue }
    func strings(_ path: String, _ field: String) -> [String] {
        (self[path] as? [[String: Any]] ?? []).compactMap { $0[field] as? String }
    }
}

/// A real HTTP client pointed at one address.
struct Caller: Sendable {
    let client: HTTPClient
    let base: String
    var token: String?

    func get(_ path: String, timeoutMilliseconds: Int64 = 10_000) async throws -> Reply {
        try await send("GET", path, body: nil, timeoutMilliseconds: timeoutMilliseconds)
    }

    func post(
        _ path: String, _ body: String, headers: [String: String] = [:], timeoutMilliseconds: Int64 = 10_000
    ) async throws -> Reply {
        try await send("POST", path, body: body, headers: headers, timeoutMilliseconds: timeoutMilliseconds)
    }

    func send(
        _ method: String, _ path: String, body: String?, headers: [String: String] = [:],
        timeoutMilliseconds: Int64 = 10_000, maxBytes: Int = 8 * 1024 * 1024
    ) async throws -> Reply {
        var request = HTTPClientRequest(url: base + path)
        request.method = HTTPMethod(rawValue: method)
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body { request.body = .bytes(ByteBuffer(string: body)) }
        let response = try await client.execute(request, timeout: .milliseconds(timeoutMilliseconds))
        let bytes = try await response.body.collect(upTo: maxBytes)
        return Reply(status: Int(response.status.code), headers: response.headers, body: Array(bytes.readableBytesView))
    }

    /// Orders a deployment.
    func deploy(
        _ version: String, of bot: String = "bot_1", in environment: String = "PRODUCTION", key: String? = nil,
        validate: Bool = true
    ) async throws -> Reply {
        let body = """
            {"botId":"\(bot)","targetVersionId":"\(version)","environment":"\(environment)","action":"ROLLBACK",\
            "validateDependencies":\(validate),"force":false}
            """
        return try await post(
            "/api/v1/deployments", body, headers: key.map { ["Idempotency-Key": $0] } ?? [:])
    }

    func status(_ job: String) async throws -> Reply { try await get("/api/v1/deployments/\(job)/status") }

    func test(_ bot: String = "bot_1", message: String = "I need help with my order") async throws -> Reply {
        try await post("/api/v1/bots/\(bot)/test", #"{"message":"\#(message)"}"#)
    }
}

/// The bot of most tests: two good versions, one bad, `v_2` serves.
let sampleBot = SimulatedBot(
    id: "bot_1", versions: [SimulatedVersion(id: "v_1"), SimulatedVersion(id: "v_2"), .bad("v_bad")])

/// Runs a platform with `sampleBot` and a client, and stops both.
func withPlatform(
    _ options: SimulatorOptions = quickOptions(), deployed: String? = "v_2",
    body: (SimulatedPlatform, Caller) async throws -> Void
) async throws {
    let setup = SimulatorSetup(options: options, bots: [sampleBot])
    try await runSimulator(setup) { platform, _ in
        if let deployed { platform.deployBehindGit("bot_1", version: deployed) }
        try await withClient { client in
            try await body(platform, Caller(client: client, base: try platform.url))
        }
    }
}

/// Jobs that end at once.
func quickOptions() -> SimulatorOptions {
    var options = SimulatorOptions()
    options.queuedFor = .zero
    options.runningFor = .zero
    return options
}

func withClient(body: (HTTPClient) async throws -> Void) async throws {
    var configuration = HTTPClient.Configuration()
    configuration.redirectConfiguration = .disallow
    configuration.httpVersion = .http1Only
    let client = HTTPClient(configuration: configuration)
    do {
        try await body(client)
        try await client.shutdown()
    } catch {
        try? await client.shutdown()
        throw error
    }
}
