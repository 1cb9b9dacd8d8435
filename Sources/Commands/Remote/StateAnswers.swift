import Audit
import Domain
import Store
import Wire

/// The state answers itself, beside whoever owns it.
struct StateAnswers: Answers {
    let reader: StateReader
    let audit: AuditSettings
    /// Names of the sinks that are configured.
    var sinks: [String] = []

    static func open(_ configuration: Configuration) async throws -> StateAnswers {
        StateAnswers(
            reader: try await StateReader.open(path: configuration.state), audit: configuration.audit,
            sinks: configuration.notifications.map(\.name))
    }

    func troubles() async throws -> [TroubleShape] { try await reader.troubles(sinks: sinks).map { TroubleShape($0) } }

    func bots(_ names: [String]) async throws -> [BotStatusShape] {
        try await BotLookup(reader).bots(names).map { BotStatusShape($0) }
    }

    func rollouts(of name: String, limit: Int) async throws -> [RolloutShape] {
        let bot = try await BotLookup(reader).bot(name)
        return try await reader.rollouts(of: bot.key, limit: limit).map { RolloutShape($0) }
    }

    func rollout(_ id: String) async throws -> RolloutDetailShape {
        let found = try await reader.rollouts(idPrefix: id.lowercased(), limit: 2)
        guard let one = found.first else { throw CommandFailure.noRollout(id) }
        guard found.count == 1 else { throw CommandFailure.severalRollouts(id) }
        return try await detail(one)
    }

    func detail(_ rollout: Rollout) async throws -> RolloutDetailShape {
        let lines = try await reader.records(ofRollout: rollout.id)
        return RolloutDetailShape(rollout, records: try lines.map { try CanonicalJSON.parse(Array($0.line.utf8)) })
    }

    func trace(_ name: String) async throws -> TraceShape { try await trace(try await BotLookup(reader).bot(name)) }

    /// The newest ones, in their order.
    static let maxTracedEvents = 20

    func trace(_ bot: BotRecord) async throws -> TraceShape {
        let rollout = try await reader.rollouts(of: bot.key, limit: 1).first
        var events: [(event: Event, deliveries: [DeliveryState])] = []
        let commit = (bot.pending?.declaration ?? bot.declared)?.provenance.commit
        let all = try await reader.events(of: bot.key, limit: StateReader.maxRows)
        // What belongs to an older commit is the history's business.
        let own = all.filter { commit == nil || $0.commit?.sha == commit }
        for event in own.prefix(Self.maxTracedEvents).reversed() {
            events.append((event, try await reader.deliveries(ofEvent: event.id).map(\.state)))
        }
        return TraceShape(bot: bot, rollout: rollout, events: events, notes: NotesFetch.shape(audit))
    }

    func records(of name: String?, last: Int?, _ page: ([String]) throws -> Void) async throws {
        let bot: BotKey? = if let name { try await BotLookup(reader).bot(name).key } else { nil }
        var lines: [String] = []
        var position: Int64 = 0
        while true {
            let found = try await records(bot, after: position)
            guard let end = found.last else { break }
            position = end.index
            guard let last else {
                try page(found.map(\.line))
                continue
            }
            lines = (lines + found.map(\.line)).suffix(last)
        }
        if last != nil { try page(lines) }
    }

    private func records(_ bot: BotKey?, after index: Int64) async throws -> [AuditLine] {
        let limit = AuditLimits.maxLinesPerPage
        guard let bot else { return try await reader.records(after: index, limit: limit) }
        return try await reader.records(of: bot, after: index, limit: limit)
    }

    func notifications(
        status: DeliveryState.Status?, sink: String?, limit: Int
    ) async throws -> [NotificationsShape.Item] {
        try await reader.deliveries(status: status, sink: sink, limit: limit).map {
            NotificationsShape.Item($0.state, type: $0.type, time: $0.time, nextAt: $0.nextAt)
        }
    }
}
