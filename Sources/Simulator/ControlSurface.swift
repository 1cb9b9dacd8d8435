import Domain
import Foundation
import Hummingbird

/// Drives a simulated platform from another process: JSON under `/__simulator/`, on the platform's own port, without
/// credentials, counted nowhere.
///
/// | request | what it does |
/// | --- | --- |
/// | `POST bots` | `[BotDocument]`: adds or replaces bots, deploys and opens sessions as they say |
/// | `POST options` | `OptionsDocument`: changes what it names |
/// | `POST faults`, `DELETE faults` | `[FaultRule]` |
/// | `POST deploy` | `[DeployDocument]`: behind git's back |
/// | `POST sessions` | `[SessionsDocument]` |
/// | `POST keys` | `[KeyDocument]` |
/// | `POST skip` | milliseconds by which the platform's time moves ahead |
/// | `GET counters`, `DELETE counters`, `GET requests` | figures and log |
/// | `GET deployed?botId=&environment=` | `{"versionId"}` |
struct ControlSurface {
    static let prefix = "/__simulator/"

    let platform: SimulatedPlatform

    func respond(to request: Request) async throws -> Response {
        guard let buffer = try? await request.body.collect(upTo: SimulatorLimits.maxControlBodyBytes) else {
            return Response(status: .contentTooLarge, headers: [.connection: "close"])
        }
        let body = Data(buffer.readableBytesView)
        do {
            return try answer(request, body: body)
        } catch let error as DecodingError {
            return try json(["message": String(describing: error)], status: .badRequest)
        } catch let error as SimulatorError {
            return try json(["message": error.message], status: .notFound)
        }
    }

    private func answer(_ request: Request, body: Data) throws -> Response {
        let command = "\(request.method.rawValue) \(request.uri.path.dropFirst(Self.prefix.count))"
        switch command {
        case "POST bots": for document in try decode([BotDocument].self, body) { document.apply(to: platform) }
        case "POST options":
            let document = try decode(OptionsDocument.self, body)
            platform.configure { document.apply(to: &$0) }
        case "POST faults": for rule in try decode([FaultRule].self, body) { platform.addFault(rule) }
        case "DELETE faults": platform.clearFaults()
        case "POST deploy":
            let ids = try decode([DeployDocument].self, body).map { $0.apply(to: platform) }
            return try json(ids)
        case "POST sessions": for document in try decode([SessionsDocument].self, body) { document.apply(to: platform) }
        case "POST keys": for document in try decode([KeyDocument].self, body) { platform.add(document.key) }
        case "POST skip": platform.skip(try decode(Span.self, body))
        case "GET counters": return try json(platform.counters)
        case "DELETE counters": platform.resetCounters()
        case "GET requests": return try json(platform.requests)
        case "GET deployed":
            let query = request.uri.queryParameters
            let environment = query["environment"].map(String.init) ?? "PRODUCTION"
            let version = platform.servedVersion(of: query["botId"].map(String.init) ?? "", in: environment)
            return try json(["versionId": version])
        default: return try json(["message": "no such command: \(command)"], status: .notFound)
        }
        return try json(["ok": true])
    }

    private func decode<Value: Decodable>(_ type: Value.Type, _ body: Data) throws -> Value {
        try JSONDecoder().decode(type, from: body)
    }

    private func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let data = try encoder.encode(value)
        return Response(
            status: status, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: data)))
    }
}
