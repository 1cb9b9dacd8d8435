import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Reconciler
import Wire

/// `GET /api/v1/…`: what is known, as the CLI prints it.
struct ReadRoutes: Sendable {
    let desk: Desk
    let authorization: Authorization

    func add(to router: Router<ServerContext>) {
        get("/api/v1/bots", router) { try await bots($0) }
        get("/api/v1/bots/:name", router) { try await JSONText.response(BotStatusShape(bot($0))) }
        get("/api/v1/bots/:name/rollouts", router) { try await rollouts($0) }
        get("/api/v1/rollouts/:id", router) { try await rollout($0) }
        get("/api/v1/events", router) { try await events($0) }
        get("/api/v1/audit", router) { try await audit($0) }
        get("/api/v1/plan", router) { _ in try await plan() }
    }

    /// A request with its context, so that handlers are short.
    struct Asked: Sendable {
        let request: Request
        let context: ServerContext

        func parameter(_ name: String) throws -> String { try context.parameters.require(name) }

        func query(_ name: String) -> String? { request.uri.queryParameters[name[...]].map(String.init) }

        func page() throws -> PageRequest {
            for name in request.uri.queryParameters.map({ String($0.key) })
            where !["limit", "after", "request", "bot"].contains(name) {
                throw HTTPProblem(
                    .badRequest, "unknown parameter `\(UntrustedText.cleaned(name, maxCharacters: 40))`")
            }
            guard let text = query("limit") else {
                return PageRequest(limit: ServerLimits.pageItems, after: query("after"))
            }
            guard let limit = Int(text), (1...ServerLimits.maxPageItems).contains(limit) else {
                throw HTTPProblem(.badRequest, "`limit` is between 1 and \(ServerLimits.maxPageItems)")
            }
            return PageRequest(limit: limit, after: query("after"))
        }
    }

    private func get(
        _ path: RouterPath, _ router: Router<ServerContext>,
        _ respond: @escaping @Sendable (Asked) async throws -> Response
    ) {
        router.get(path) { request, context in
            _ = try authorization.caller(of: request, needs: .read)
            do {
                return try await respond(Asked(request: request, context: context))
            } catch is BadCursor {
                throw HTTPProblem(.badRequest, "`after` is no cursor of this list")
            }
        }
    }

    struct Listing<Item: Encodable>: Encodable {
        var items: [Item]
        var next: String?

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(items, forKey: .items)
            // null on the last page, never absent.
            try container.encode(next, forKey: .next)
        }

        enum CodingKeys: String, CodingKey { case items, next }
    }

    private func bots(_ asked: Asked) async throws -> Response {
        let page = try asked.page()
        let found = await desk.reconciler.look { engine -> [BotRecord] in
            let sorted = engine.bots.values.map { (($0.name, $0.key.description), $0) }.sorted { $0.0 < $1.0 }
            let rest = page.after.map { after in sorted.filter { "\($0.0.0) \($0.0.1)" > after } } ?? sorted
            return rest.prefix(page.limit + 1).map(\.1)
        }
        let shown = found.prefix(page.limit)
        let next = found.count > page.limit ? shown.last.map { "\($0.name) \($0.key)" } : nil
        return try JSONText.response(Listing(items: shown.map { BotStatusShape($0) }, next: next))
    }

    private func bot(_ asked: Asked) async throws -> BotRecord {
        let name = try asked.parameter("name")
        guard let bot = await desk.find(name) else { throw HTTPProblem(.notFound, "no bot is called that") }
        return bot
    }

    private func rollouts(_ asked: Asked) async throws -> Response {
        let page = try asked.page()
        let found = try await desk.records.rollouts(of: try await bot(asked).key, page: page)
        return try JSONText.response(Listing(items: found.items.map { RolloutShape($0) }, next: found.next))
    }

    private func rollout(_ asked: Asked) async throws -> Response {
        guard let found = try await desk.records.rollout(id: try asked.parameter("id")) else {
            throw HTTPProblem(.notFound, "no rollout has that id")
        }
        return try JSONText.response(RolloutShape(found))
    }

    private func audit(_ asked: Asked) async throws -> Response {
        let page = try asked.page()
        var key: BotKey?
        if let name = asked.query("bot") {
            guard let bot = await desk.find(name) else { throw HTTPProblem(.notFound, "no bot is called that") }
            key = bot.key
        }
        let found = try await desk.records.records(of: key, page: page)
        // Their bytes are what the chain proves.
        return listing(found.items, next: found.next)
    }

    /// Of items that are JSON already.
    private func listing(_ items: [String], next: String?) -> Response {
        let cursor = next.map { "\"\($0)\"" } ?? "null"
        let text = "{\"items\":[\(items.joined(separator: ","))],\"next\":\(cursor)}"
        return Response(
            status: .ok, headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    private func plan() async throws -> Response {
        let report = await desk.reconciler.look { RunReport($0) }
        return try JSONText.response(
            PlanShape(commit: report.commit, branch: report.branch, bots: report.bots, problems: report.problems,
                failure: report.failure, unreachablePlatforms: report.unreachablePlatforms))
    }

    private func events(_ asked: Asked) async throws -> Response {
        if let request = asked.query("request") { return try await events(ofRequest: request) }
        if asked.request.headers[.accept]?.contains("text/event-stream") == true {
            let last = asked.request.headers[.lastEventID]
            return EventStream(desk: desk, after: last).response
        }
        let found = try await desk.records.events(page: try asked.page())
        return listing(found.items.map(desk.body), next: found.next)
    }

    private func events(ofRequest id: String) async throws -> Response {
        guard let ids = await desk.reconciler.requests.events(of: id) else {
            throw HTTPProblem(.notFound, "no request of that id is remembered")
        }
        var found: [Event] = []
        for id in ids { if let event = try await desk.records.event(id: id) { found.append(event) } }
        return listing(found.reversed().map(desk.body), next: nil)
    }
}

extension Desk {
    /// By name or `PLATFORM/BOT/ENVIRONMENT`; of several that had the name, the one that has a manifest.
    func find(_ name: String) async -> BotRecord? {
        await reconciler.look { engine in
            let found = engine.bots.values.filter { $0.name == name || $0.key.description == name }
            return found.first { $0.latest != nil } ?? found.first
        }
    }
}
