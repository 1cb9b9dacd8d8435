import Domain
import Exchange
import Foundation
import Wire

/// A running `ballast serve`, as its HTTP API lets it be asked. One exchange a call, none is repeated.
struct RemoteServer: Sendable {
    static let timeout = Span.seconds(30)
    /// For what the server does while the caller waits: a commit that is made and pushed, a plan.
    static let longTimeout = Span.minutes(5)
    /// A plan of a large fleet is the largest answer.
    static let maxAnswerBytes = 256 << 20
    /// Requests of one verb at a time.
    private static let maxConnections = 4

    let address: WebAddress
    /// As a person named it; nil: no token is sent.
    let tokenPath: String?
    private let token: Secret?
    fileprivate let caller: HTTPCaller

    init(_ address: WebAddress, token: Secret?, tokenPath: String?, caFile: String?) throws(ExchangeError) {
        self.address = address
        self.token = token
        self.tokenPath = tokenPath
        // A name may mean another machine: what is sent in the clear stays on this one.
        caller = try HTTPCaller(
            HTTPCaller.Settings(
                caFile: caFile, maxConnections: Self.maxConnections, addresses: address.isPlain ? .loopback : .any))
    }

    /// Scheme, host and port.
    var shown: String { address.shown }

    /// Closes the connections after `body`.
    func closing<Value>(_ body: () async throws -> Value) async throws -> Value {
        let result: Result<Value, any Error>
        do { result = .success(try await body()) } catch { result = .failure(error) }
        await caller.shutdown()
        return try result.get()
    }

    /// - Parameter path: parts below `/api/v1`, as they are.
    func get<Answer: Decodable>(
        _ path: [String], query: [(name: String, value: String)] = [], timeout: Span = timeout
    ) async throws -> Answer {
        try await ask(.get, path, query: query, body: nil, timeout: timeout)
    }

    func post<Answer: Decodable>(
        _ path: [String], _ body: [String: JSONValue], timeout: Span = timeout
    ) async throws -> Answer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return try await ask(.post, path, query: [], body: Array(try encoder.encode(body)), timeout: timeout)
    }

    private func ask<Answer: Decodable>(
        _ method: HTTPCall.Method, _ path: [String], query: [(name: String, value: String)], body: [UInt8]?,
        timeout: Span
    ) async throws -> Answer {
        var headers = [(name: "Accept", value: "application/json")]
        if body != nil { headers.append((name: "Content-Type", value: "application/json")) }
        if let token { headers.append((name: "Authorization", value: "Bearer \(token.reveal())")) }
        let call = HTTPCall(
            method, url(path, query), headers: headers, body: body, timeout: timeout,
            maxAnswerBytes: Self.maxAnswerBytes)
        switch await caller.call(call) {
        case .failure(let failure):
            if Task.isCancelled { throw CancellationError() }
            throw RemoteFailure.notReached(self, failure, isChange: method == .post)
        case .success(let answer):
            guard (200...299).contains(answer.status) else { throw RemoteFailure.refused(self, answer) }
            guard answer.isJSON, !answer.isCut,
                let value = try? ForeignJSON.decode(Answer.self, from: answer.body)
            else { throw RemoteFailure.notUnderstood(self, path) }
            return value
        }
    }

    private func url(_ path: [String], _ query: [(name: String, value: String)]) -> String {
        let parts = (["api", "v1"] + path).map { "/" + Self.escaped($0) }.joined()
        let list = query.map { "\($0.name)=\(Self.escaped($0.value))" }.joined(separator: "&")
        return address.text + parts + (list.isEmpty ? "" : "?\(list)")
    }

    /// RFC 3986: all but the unreserved characters, so that a name with `/` stays one part.
    private static func escaped(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? text
    }

    private static let unreserved = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
}

extension RemoteServer {
    /// What is answered to everybody at a path of its own (`/healthz`); no token is sent.
    func open(_ path: String) async -> Result<HTTPAnswer, TransportFailure> {
        await caller.call(
            HTTPCall(.get, address.text + path, timeout: Self.probeTimeout, maxAnswerBytes: Self.maxProbeBytes))
    }

    private static let probeTimeout = Span.seconds(5)
    private static let maxProbeBytes = 64 << 10

    /// Items of one request of a list: the most that the API gives.
    static let pageItems = 200

    /// A list from its beginning, page after page.
    /// - Parameter max: of items; nil: all.
    func list<Item: Codable & Sendable>(
        _ path: [String], query: [(name: String, value: String)] = [], max: Int? = nil
    ) async throws -> [Item] {
        var items: [Item] = []
        var after: String?
        repeat {
            let limit = min(Self.pageItems, max.map { $0 - items.count } ?? Self.pageItems)
            let cursor = after.map { [(name: "after", value: $0)] } ?? []
            let page: PageShape<Item> = try await get(
                path, query: query + [(name: "limit", value: "\(limit)")] + cursor)
            items += page.items
            after = page.items.isEmpty ? nil : page.next
        } while after != nil && max.map { items.count < $0 } ?? true
        return items
    }
}
