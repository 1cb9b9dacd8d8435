import Audit
package import Domain
package import Server
package import Store
package import Wire

/// The stored state as the HTTP API pages through it, over a connection that only reads.
package struct StoreRecords: StateRecords {
    private let reader: StateReader
    private let audit: AuditSettings

    package init(reader: StateReader, audit: AuditSettings) {
        self.reader = reader
        self.audit = audit
    }

    package func rollouts(of bot: BotKey?, page: PageRequest) async throws -> Page<Rollout> {
        let found = try await reader.rollouts(of: bot, before: page.after, limit: page.limit + 1)
        return try cut(found, page) { $0.id }
    }

    package func rollouts(idPrefix: String) async throws -> [Rollout] { try await reader.rollouts(idPrefix: idPrefix) }

    package func events(_ query: EventQuery, page: PageRequest) async throws -> Page<Event> {
        let found = try await reader.events(before: page.after, query.selection, limit: page.limit + 1)
        return try cut(found, page) { $0.id }
    }

    package func events(after id: String?, limit: Int) async throws -> [Event]? {
        try await reader.events(after: id, limit: limit)
    }

    package func newestEventID() async throws -> String? { try await reader.newestEventID() }

    package func event(id: String) async throws -> Event? { try await reader.event(id: id) }

    package func records(of bot: BotKey?, page: PageRequest) async throws -> Page<String> {
        var before = Int64.max
        if let after = page.after {
            guard let index = Int64(after), index > 0 else { throw BadCursor() }
            before = index
        }
        let found = try await reader.records(of: bot, before: before, limit: page.limit + 1)
        let shown = found.prefix(page.limit)
        return Page(
            items: shown.map(\.line), next: found.count > page.limit ? shown.last.map { "\($0.index)" } : nil)
    }

    package func trace(of bot: BotRecord) async throws -> TraceShape {
        try await StateAnswers(reader: reader, audit: audit).trace(bot)
    }

    package func records(ofRollout id: String) async throws -> [JSONValue] {
        try await reader.records(ofRollout: id).map { try CanonicalJSON.parse(Array($0.line.utf8)) }
    }

    /// The cursor is `EVENT SINK`.
    package func deliveries(_ query: DeliveryQuery, page: PageRequest) async throws -> Page<NotificationsShape.Item> {
        let cursor = try page.after.map { text in
            guard let gap = text.firstIndex(of: " ") else { throw BadCursor() }
            return (event: String(text[..<gap]), sink: String(text[text.index(after: gap)...]))
        }
        let found = try await reader.deliveries(
            status: query.status, sink: query.sink, before: cursor, limit: page.limit + 1)
        let items = found?.map {
            NotificationsShape.Item($0.state, type: $0.type, time: $0.time, nextAt: $0.nextAt)
        }
        return try cut(items, page) { "\($0.id) \($0.sink)" }
    }

    package func deliveries(ofEvent id: String) async throws -> [DeliveryState] {
        try await reader.deliveries(ofEvent: id).map(\.state)
    }

    package func redeliveries(
        to sink: String, since: Timestamp, limit: Int
    ) async throws -> (found: [DeliveryState], rest: Timestamp?) {
        let (found, rest) = try await reader.redeliveries(sink: sink, since: since, limit: limit)
        return (found, rest)
    }

    package func deadDeliveries() async throws -> Int { try await reader.countDeliveries(.dead) }

    package func troubles(sinks: [String]) async throws -> [ReportTrouble] { try await reader.troubles(sinks: sinks) }

    private func cut<Item: Sendable>(
        _ found: [Item]?, _ page: PageRequest, _ cursor: (Item) -> String
    ) throws -> Page<Item> {
        guard let found else { throw BadCursor() }
        let shown = Array(found.prefix(page.limit))
        return Page(items: shown, next: found.count > page.limit ? shown.last.map(cursor) : nil)
    }
}

extension EventQuery {
    fileprivate var selection: EventSelection { EventSelection(bot: bot, typeGlob: type) }
}
