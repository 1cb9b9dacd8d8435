package import Domain
package import Wire

/// What the API reads from the stored state: newest first, with a cursor that goes on where a page ended though newer rows
/// came since. A cursor that this server did not give out is a `BadCursor`.
package protocol StateRecords: Sendable {
    /// - Parameter bot: nil: of all.
    func rollouts(of bot: BotKey?, page: PageRequest) async throws -> Page<Rollout>
    /// By its id or the beginning of it; two where that is not unique.
    func rollouts(idPrefix: String) async throws -> [Rollout]
    func events(_ query: EventQuery, page: PageRequest) async throws -> Page<Event>
    /// Oldest first, behind the event of that id (nil: from the first one); nil as an answer: none is known by it.
    func events(after id: String?, limit: Int) async throws -> [Event]?
    func newestEventID() async throws -> String?
    func event(id: String) async throws -> Event?
    /// Lines of the audit trail, as they are.
    func records(of bot: BotKey?, page: PageRequest) async throws -> Page<String>
    /// In the order of the chain.
    func records(ofRollout id: String) async throws -> [JSONValue]
    func deliveries(_ query: DeliveryQuery, page: PageRequest) async throws -> Page<NotificationsShape.Item>
    func deliveries(ofEvent id: String) async throws -> [DeliveryState]
    /// At most `limit`, oldest first; where there are more, the time from which on.
    func redeliveries(
        to sink: String, since: Timestamp, limit: Int
    ) async throws -> (found: [DeliveryState], rest: Timestamp?)
    func deadDeliveries() async throws -> Int
    /// What keeps the trail or these sinks from being told.
    func troubles(sinks: [String]) async throws -> [ReportTrouble]
    func trace(of bot: BotRecord) async throws -> TraceShape
}

package struct EventQuery: Hashable, Sendable {
    package var bot: BotKey?
    /// `rollout.*`; of letters, dots, hyphens and `*` alone.
    package var type: String?

    package init(bot: BotKey? = nil, type: String? = nil) {
        self.bot = bot
        self.type = type
    }

    func matches(_ event: Event) -> Bool {
        (bot == nil || event.bot?.key == bot) && type.map { Glob.matches(id: $0, event.type) } != false
    }
}

package struct DeliveryQuery: Hashable, Sendable {
    package var status: DeliveryState.Status?
    package var sink: String?

    package init(status: DeliveryState.Status? = nil, sink: String? = nil) {
        self.status = status
        self.sink = sink
    }
}

package struct PageRequest: Hashable, Sendable {
    package var limit: Int
    /// The cursor of the page before.
    package var after: String?

    package init(limit: Int, after: String? = nil) {
        self.limit = limit
        self.after = after
    }
}

package struct Page<Item: Sendable>: Sendable {
    package var items: [Item]
    /// nil: this is the last page.
    package var next: String?

    package init(items: [Item], next: String?) {
        self.items = items
        self.next = next
    }
}

/// The cursor is none that this server gave out.
package struct BadCursor: Error, Sendable {
    package init() {}
}
