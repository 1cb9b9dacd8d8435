import Domain

/// One page of a list of the HTTP API.
package struct PageShape<Item: Codable & Sendable>: Codable, Sendable {
    package var items: [Item]
    /// The cursor of the next page; null on the last one.
    package var next: String?

    package init(items: [Item], next: String?) {
        self.items = items
        self.next = next
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(items, forKey: .items)
        // Never absent.
        try container.encode(next, forKey: .next)
    }

    private enum CodingKeys: String, CodingKey { case items, next }
}

/// RFC 9457: why a request was not answered as asked.
package struct ProblemShape: Codable, Hashable, Sendable {
    package var type: String
    package var title: String
    package var status: Int
    package var detail: String
    package var requestId: String

    package init(title: String, status: Int, detail: String, requestId: String) {
        type = "about:blank"
        self.title = title
        self.status = status
        self.detail = detail
        self.requestId = requestId
    }
}

/// A look or a pass was asked for; its consequences can be followed under that id.
package struct QueuedShape: Codable, Hashable, Sendable {
    package var id: String
    package var queued: Bool
    /// Why it was not.
    package var reason: String?

    package init(id: String, queued: Bool, reason: String? = nil) {
        self.id = id
        self.queued = queued
        self.reason = reason
    }
}

/// What became of a person's decision.
package struct DecidedShape: Codable, Hashable, Sendable {
    package var id: String
    /// A sentence for the person.
    package var message: String
    /// False: there was nothing to decide.
    package var changed: Bool

    package init(id: String, message: String, changed: Bool) {
        self.id = id
        self.message = message
        self.changed = changed
    }
}

/// `GET /api/v1/requests/{id}`: how far it is with what somebody asked for. How all stands is a question of its own,
/// `/report`, since a fleet is large and this is asked again and again.
package struct RequestShape: Codable, Hashable, Sendable {
    package var id: String
    /// The pass that answers it is over; its rollouts may go on.
    package var passed: Bool
    /// Those that it led to, and those that are open anyway.
    package var rollouts: [RolloutShape]
    /// The newest thing that happened, for people.
    package var message: String?

    package init(id: String, passed: Bool, rollouts: [RolloutShape], message: String?) {
        self.id = id
        self.passed = passed
        self.rollouts = rollouts
        self.message = message
    }
}

/// `GET /api/v1/caller`: whose token it is.
package struct CallerShape: Codable, Hashable, Sendable {
    package var name: String
    package var role: String
    /// Without tokens nothing is decided over HTTP.
    package var decides: Bool

    package init(name: String, role: String, decides: Bool) {
        self.name = name
        self.role = role
        self.decides = decides
    }
}
