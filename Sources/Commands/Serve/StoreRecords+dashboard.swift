import Audit
import Dashboard
import Domain
import Server
import Store

extension StoreRecords: DashboardRecords {
    func rollouts(page: PageRequest) async throws -> Page<Rollout> {
        let found = try await reader.rollouts(before: page.after, limit: page.limit + 1)
        let shown = Array(found.prefix(page.limit))
        return Page(items: shown, next: found.count > page.limit ? shown.last?.id : nil)
    }

    func records(ofRollout id: String, limit: Int) async throws -> [String] {
        try await reader.records(ofRollout: id, limit: limit).map(\.line)
    }

    func events(of bot: BotKey, limit: Int) async throws -> [Event] { try await reader.events(of: bot, limit: limit) }

    func deliveries(_ status: DeliveryState.Status, page: PageRequest) async throws -> Page<OutboxEntryInput> {
        let cursor = try page.after.map { try Self.cursor($0) }
        let found = try await reader.deliveries(status, before: cursor, limit: page.limit + 1)
        let shown = found.prefix(page.limit)
        let items = shown.map {
            OutboxEntryInput(state: $0.state, type: $0.type, time: $0.time, nextAt: $0.nextAt)
        }
        let next = shown.last.map { "\($0.state.changedAt.milliseconds)~\($0.state.eventId)~\($0.state.sink)" }
        return Page(items: items, next: found.count > page.limit ? next : nil)
    }

    private static func cursor(_ text: String) throws -> StateReader.DeliveryCursor {
        let parts = text.split(separator: "~", maxSplits: 2).map(String.init)
        guard parts.count == 3, let changed = Int64(parts[0]) else { throw BadCursor() }
        return .init(changedAt: Timestamp(milliseconds: changed), event: parts[1], sink: parts[2])
    }

    func deliveryCounts() async throws -> [DeliveryState.Status: Int] {
        var counts: [DeliveryState.Status: Int] = [:]
        for status in [DeliveryState.Status.pending, .delivered, .dead] {
            counts[status] = try await reader.countDeliveries(status)
        }
        return counts
    }

    func notesDue() async throws -> Int { try await reader.countNotesDue() }

    func trailHealth() async -> TrailHealth? { trail?.health }
}
