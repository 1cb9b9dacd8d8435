import Dashboard
import Domain
import Foundation
import HTTPTypes
import Reconciler
import Wire

/// Reads what pages are made of: from the engine what is so now, from the store what was.
struct Gathering: Sendable {
    let desk: Desk
    let dashboard: any DashboardRecords

    private var records: any StateRecords { desk.records }

    static let eventsOnFleet = 12
    static let eventsOnBot = 25
    static let rolloutsOnBot = 30
    static let rowsOnPage = 50
    /// Of one rollout; a drain that lasts makes many.
    static let maxRecordsOfRollout = 2000

    func fleet() async throws -> FleetSnapshot {
        let now = desk.clock.now()
        var snapshot = await desk.reconciler.look { engine in
            var found = FleetSnapshot()
            found.bots = engine.bots.values.map { FleetBot($0) }
            found.branch = engine.settings.source.branch
            found.head = engine.source.accepted
            found.passedAt = engine.lastPassEndedAt.map { ended in
                // To the second: the two clocks do not advance by the same millisecond.
                let wall = now.wall.milliseconds - (now.tick - ended).milliseconds
                return Timestamp(milliseconds: wall / 1000 * 1000)
            }
            found.notices = Notice.all(of: engine)
            found.openCount = engine.machines.count
            // Ids are in the order of time.
            found.open = engine.machines.keys.sorted(by: >).prefix(FleetView.maxOpenRollouts).compactMap {
                engine.machines[$0]?.rollout
            }
            found.pendingDeliveries = engine.pendingDeliveries
            return found
        }
        snapshot.events = try await records.events(EventQuery(), page: PageRequest(limit: Self.eventsOnFleet)).items
        snapshot.deadDeliveries = try await records.deadDeliveries()
        return snapshot
    }

    func bot(named name: String) async throws -> BotSnapshot {
        guard let bot = await desk.find(name) else { throw HTTPProblem(.notFound, "No bot is called that.") }
        let rollouts = try await records.rollouts(of: bot.key, page: PageRequest(limit: Self.rolloutsOnBot)).items
        let events = try await records.events(EventQuery(bot: bot.key), page: PageRequest(limit: Self.eventsOnBot))
            .items
        return BotSnapshot(
            bot: bot, records: try await lines(of: rollouts.first), rollouts: rollouts, events: events)
    }

    func rollouts(after cursor: String?) async throws -> RolloutsView {
        let page = try await records.rollouts(of: nil, page: PageRequest(limit: Self.rowsOnPage, after: cursor))
        return RolloutsView(page.items, next: page.next, isLater: cursor != nil)
    }

    func rollout(id: String) async throws -> (Rollout, RolloutView) {
        let some = try await records.rollouts(idPrefix: id.lowercased())
        guard let found = some.first else { throw HTTPProblem(.notFound, "No rollout has an id that begins so.") }
        guard some.count == 1 else { throw HTTPProblem(.conflict, "Several rollouts have an id that begins so.") }
        return (found, RolloutView(found, records: try await lines(of: found)))
    }

    private func lines(of rollout: Rollout?) async throws -> [AuditLineView] {
        guard let rollout else { return [] }
        return try await dashboard.lines(ofRollout: rollout.id, limit: Self.maxRecordsOfRollout).map(Self.read)
    }

    private static func read(_ line: String) -> AuditLineView {
        let value = (try? JSONDecoder().decode(JSONValue.self, from: Data(line.utf8))) ?? .null
        return AuditLineView(line: line, value: value)
    }

    /// - Parameter status: nil: what needs attention first.
    func outbox(_ status: DeliveryState.Status?, after cursor: String?) async throws -> OutboxView {
        let counts = try await dashboard.deliveryCounts()
        let first = [DeliveryState.Status.dead, .pending].first { counts[$0] ?? 0 > 0 } ?? .delivered
        let shown = status ?? first
        let page = try await records.deliveries(
            DeliveryQuery(status: shown), page: PageRequest(limit: Self.rowsOnPage, after: cursor))
        let sinks = await desk.reconciler.look { engine in
            engine.settings.sinks.map { sink in
                OutboxInput.SinkInput(
                    name: sink.name, kind: sink.kind.rawValue, disabled: engine.sinks[sink.name]?.disabled)
            }
        }
        return OutboxView(
            OutboxInput(
                counts: counts, sinks: sinks, status: shown,
                entries: page.items.map { OutboxEntryInput($0, status: shown) }, next: page.next,
                isLater: cursor != nil))
    }

    /// - Parameters:
    ///   - text: `environment`, `bot` or `label=NAME`; nil: by environment.
    ///   - days: one of the periods that the page offers; nil: 30.
    func delivery(by text: String?, days: String?) async throws -> DeliveryView {
        let text = text.flatMap { $0.isEmpty ? nil : $0 } ?? DeliveryReport.Grouping.environment.text
        guard let grouping = DeliveryReport.Grouping(text: text) else {
            throw HTTPProblem(.badRequest, "Figures are by environment, by bot or by label=NAME.")
        }
        guard let count = DeliveryView.periods.first(where: { "\($0)" == days ?? "30" }) else {
            throw HTTPProblem(.badRequest, "There are no figures over such a period.")
        }
        let now = desk.clock.now().wall
        let period = DeliveryPeriod(
            since: now.advanced(by: Span(milliseconds: -Span.days(Int64(count)).milliseconds)), until: now)
        let labels = await desk.reconciler.look { engine in
            engine.bots.values.reduce(into: Set<String>()) { $0.formUnion(FleetBot($1).labels.keys) }
        }
        return DeliveryView(
            DeliveryView.Input(
                report: try await dashboard.delivery(over: period, by: grouping), days: count, labels: Array(labels),
                grouping: text))
    }

    /// - Parameter name: of one bot; "": all.
    func audit(bot name: String, after cursor: String?) async throws -> AuditView {
        var key: BotKey?
        var isUnknown = false
        if !name.isEmpty {
            key = await desk.find(name)?.key
            isUnknown = key == nil
        }
        let (chain, failure) = await desk.reconciler.look { ($0.stateId, $0.notesFailure) }
        var page = Page<String>(items: [], next: nil)
        if !isUnknown {
            page = try await records.records(of: key, page: PageRequest(limit: Self.rowsOnPage, after: cursor))
        }
        return AuditView(
            AuditView.Input(
                health: await dashboard.trailHealth(), chain: chain, notesDue: try await dashboard.notesDue(),
                notesFailure: failure, records: page.items.map(Self.read), next: page.next, isLater: cursor != nil,
                bot: name, isUnknownBot: isUnknown))
    }
}

extension OutboxEntryInput {
    init(_ item: NotificationsShape.Item, status: DeliveryState.Status) {
        self.init(
            event: item.id, type: item.type, time: item.time, stream: item.stream, sink: item.sink, status: status,
            attempts: item.attempts, nextAt: item.nextAt, answer: item.answer)
    }
}
