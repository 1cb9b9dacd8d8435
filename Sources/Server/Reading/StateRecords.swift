package import Domain
package import Wire

/// What the API reads from the stored state: newest first, with a cursor that goes on where a page ended though newer rows
/// came since.
package protocol StateRecords: Sendable {
    func rollouts(of bot: BotKey, page: PageRequest) async throws -> Page<Rollout>
    func rollout(id: String) async throws -> Rollout?
    func events(page: PageRequest) async throws -> Page<Event>
    /// Oldest first, behind the event of that id; nil: none is known by it.
    func events(after id: String, limit: Int) async throws -> [Event]?
    func newestEventID() async throws -> String?
    func event(id: String) async throws -> Event?
    /// Lines of the audit trail, as they are.
    func records(of bot: BotKey?, page: PageRequest) async throws -> Page<String>
    func deadDeliveries() async throws -> Int
    func trace(of bot: BotRecord) async throws -> TraceShape
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
