import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Reconciler
import Wire

/// `GET /api/v1/…`: what happened, what was told, and what was recorded of it.
struct RecordRoutes: Sendable {
    let desk: Desk

    func add(to routes: Routes) {
        routes.add(Self.events) { try await events($0) }
        routes.add(Self.notifications) { try await notifications($0) }
        routes.add(Self.audit) { try await audit($0) }
        routes.add(Self.troubles) { try await troubles($0) }
    }

    private static let events = Operation(
        method: .get, path: "/api/v1/events",
        summary: """
            The history of events, newest first; with `Accept: text/event-stream` those that come, and after \
            `Last-Event-ID` those that were missed
            """,
        needs: .read,
        query: Operation.paging + [
            .init(name: "bot", about: "Only events of this bot."),
            .init(name: "type", about: "Only events of this type; `rollout.*` for a family."),
            .init(name: "request", about: "What this request for a look led to, to the end of its rollouts."),
        ], answer: .page("Event"), problems: [.notFound])
    private static let notifications = Operation(
        method: .get, path: "/api/v1/notifications",
        summary: "The outbox: pending, delivered, dead, superseded; newest first",
        needs: .read,
        query: Operation.paging + [
            .init(
                name: "status", about: "Only deliveries that stand so.",
                schema: #"{"enum": ["pending", "delivered", "dead", "superseded"]}"#),
            .init(name: "sink", about: "Only deliveries to this sink."),
        ], answer: .page("Notification"))
    private static let audit = Operation(
        method: .get, path: "/api/v1/audit", summary: "The records of the audit trail, newest first", needs: .read,
        query: Operation.paging + [.init(name: "bot", about: "Only records of this bot.")],
        answer: .page("AuditRecord"), problems: [.notFound])
    private static let troubles = Operation(
        method: .get, path: "/api/v1/troubles",
        summary: "What keeps the audit trail or a sink from being told, with the remedy; all of it on one page",
        needs: .read, query: Operation.paging, answer: .page("Trouble"))

    private func events(_ asked: Asked) async throws -> Response {
        if let request = asked.query("request") { return try await events(ofRequest: request, asked) }
        let query = EventQuery(bot: try await bot(asked), type: try asked.eventType())
        if asked.acceptsEventStream {
            return try EventStream(desk: desk, query: query, after: asked.request.headers[.lastEventID]).response()
        }
        let found = try await desk.records.events(query, page: try asked.page())
        return try listing(found.items.map(desk.body), next: found.next)
    }

    private func bot(_ asked: Asked) async throws -> BotKey? {
        guard let name = asked.query("bot") else { return nil }
        return try await desk.requireBot(name).key
    }

    /// A page like every other: newest first, and the cursor is an event's id.
    private func events(ofRequest id: String, _ asked: Asked) async throws -> Response {
        guard let ids = await desk.reconciler.following(id)?.events else {
            throw HTTPProblem(.notFound, "no request of that id is remembered")
        }
        let page = try asked.page()
        var rest = Array(ids.reversed())[...]
        if let after = page.after {
            guard let place = rest.firstIndex(of: after) else { throw BadCursor() }
            rest = rest[rest.index(after: place)...]
        }
        var found: [Event] = []
        for id in rest.prefix(page.limit) {
            if let event = try await desk.records.event(id: id) { found.append(event) }
        }
        return try listing(found.map(desk.body), next: rest.count > page.limit ? rest.prefix(page.limit).last : nil)
    }

    private func notifications(_ asked: Asked) async throws -> Response {
        let query = DeliveryQuery(status: try asked.deliveryStatus(), sink: asked.query("sink"))
        let found = try await desk.records.deliveries(query, page: try asked.page())
        return try JSONText.response(PageShape(items: found.items, next: found.next))
    }

    private func troubles(_ asked: Asked) async throws -> Response {
        _ = try asked.page()
        let sinks = await desk.reconciler.look { engine in engine.settings.sinks.map(\.name) }
        let found = try await desk.records.troubles(sinks: sinks)
        return try JSONText.response(PageShape(items: found.map { TroubleShape($0) }, next: nil))
    }

    private func audit(_ asked: Asked) async throws -> Response {
        let found = try await desk.records.records(of: try await bot(asked), page: try asked.page())
        // Their bytes are what the chain proves.
        return try listing(found.items, next: found.next)
    }

    /// Of items that are JSON already.
    private func listing(_ items: [String], next: String?) throws -> Response {
        var bytes = ByteBuffer(string: "{\"items\":[\(items.joined(separator: ","))],\"next\":")
        bytes.writeImmutableBuffer(try JSONText.buffer(next))
        bytes.writeString("}")
        return JSONText.response(bytes)
    }
}

extension Asked {
    fileprivate var acceptsEventStream: Bool {
        request.headers[values: .accept].contains { $0.contains("text/event-stream") }
    }

    fileprivate func eventType() throws -> String? {
        guard let text = query("type") else { return nil }
        guard !text.isEmpty, text.utf8.count <= 64,
            text.unicodeScalars.allSatisfy({ ("a"..."z").contains($0) || $0 == "." || $0 == "-" || $0 == "*" })
        else { throw HTTPProblem(.badRequest, "`type` is an event's type, such as `rollout.failed` or `rollout.*`") }
        return text
    }

    fileprivate func deliveryStatus() throws -> DeliveryState.Status? {
        guard let text = query("status") else { return nil }
        guard let status = DeliveryState.Status(rawValue: text) else {
            throw HTTPProblem(.badRequest, "`status` is pending, delivered, dead or superseded")
        }
        return status
    }
}
