import Audit
import Domain
import Server
import Store

/// The stored state as the HTTP API pages through it, over a connection that only reads.
struct StoreRecords: StateRecords {
    let reader: StateReader
    /// nil: nobody proves the trail.
    var trail: TrailWatch?

    func rollouts(of bot: BotKey, page: PageRequest) async throws -> Page<Rollout> {
        let found = try await reader.rollouts(of: bot, before: page.after, limit: page.limit + 1)
        return try cut(found, page) { $0.id }
    }

    func rollout(id: String) async throws -> Rollout? {
        try await reader.rollouts(idPrefix: id, limit: 1).first { $0.id == id }
    }

    func events(page: PageRequest) async throws -> Page<Event> {
        try cut(try await reader.events(before: page.after, limit: page.limit + 1), page) { $0.id }
    }

    func events(after id: String, limit: Int) async throws -> [Event]? {
        try await reader.events(after: id, limit: limit)
    }

    func newestEventID() async throws -> String? { try await reader.newestEventID() }

    func event(id: String) async throws -> Event? { try await reader.event(id: id) }

    func records(of bot: BotKey?, page: PageRequest) async throws -> Page<String> {
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

    func deadDeliveries() async throws -> Int { try await reader.countDeliveries(.dead) }

    private func cut<Item: Sendable>(
        _ found: [Item]?, _ page: PageRequest, _ cursor: (Item) -> String
    ) throws -> Page<Item> {
        guard let found else { throw BadCursor() }
        let shown = Array(found.prefix(page.limit))
        return Page(items: shown, next: found.count > page.limit ? shown.last.map(cursor) : nil)
    }
}
