package import Domain

/// One event's way to one sink.
package struct OutboxEntryInput: Sendable {
    package var state: DeliveryState
    package var type: String
    package var time: Timestamp
    /// When the next attempt is due; nil: none is.
    package var nextAt: Timestamp?

    package init(state: DeliveryState, type: String, time: Timestamp, nextAt: Timestamp?) {
        self.state = state
        self.type = type
        self.time = time
        self.nextAt = nextAt
    }
}

package struct OutboxInput: Sendable {
    package struct SinkInput: Sendable {
        package var name: String
        package var kind: String
        package var disabled: String?

        package init(name: String, kind: String, disabled: String?) {
            self.name = name
            self.kind = kind
            self.disabled = disabled
        }
    }

    package var counts: [DeliveryState.Status: Int]
    package var sinks: [SinkInput]
    package var status: DeliveryState.Status
    package var entries: [OutboxEntryInput]
    package var next: String?
    package var isLater: Bool

    package init(
        counts: [DeliveryState.Status: Int], sinks: [SinkInput], status: DeliveryState.Status,
        entries: [OutboxEntryInput], next: String?, isLater: Bool
    ) {
        self.counts = counts
        self.sinks = sinks
        self.status = status
        self.entries = entries
        self.next = next
        self.isLater = isLater
    }
}

/// The outbox: pending, delivered, dead.
package struct OutboxView: Sendable {
    struct Tab: Sendable {
        var title: String
        var number: String
        var tone: String
        var isSome: Bool
        var href: String
        var isCurrent: Bool
    }

    struct SinkRow: Sendable {
        var name: String
        var kind: String
        var face: Face
        var detail: String
    }

    struct Row: Sendable {
        var type: String
        var eventId: String
        var time: Moment
        var stream: String
        var sink: String
        var face: Face
        var attempts: String
        var next: [Moment]
        var answer: String
        var changed: Moment
    }

    var tabs: [Tab]
    var sinks: [SinkRow]
    var hasSinks: Bool
    var title: String
    var rows: [Row]
    var hasRows: Bool
    var isLater: Bool
    var newestHref: String
    var following: [String]
    var isDead: Bool

    package init(_ input: OutboxInput) {
        tabs = [DeliveryState.Status.pending, .delivered, .dead].map { status in
            let face = Face(status)
            let number = input.counts[status] ?? 0
            let isCurrent = status == input.status
            return Tab(
                title: status == .dead ? "Dead letters" : face.word, number: Words.grouped(number), tone: face.tone,
                isSome: number > 0, href: Self.href(status), isCurrent: isCurrent)
        }
        sinks = input.sinks.map { sink in
            SinkRow(
                name: Words.clean(sink.name), kind: Words.clean(sink.kind),
                face: sink.disabled == nil ? Face("Enabled", .good) : Face("Disabled", .warn),
                detail: sink.disabled.map {
                    "answered 410: \(Words.clean($0)); ballast notifications enable \(Words.clean(sink.name))"
                } ?? "")
        }
        hasSinks = !sinks.isEmpty
        title =
            switch input.status {
            case .pending: "Pending deliveries"
            case .delivered: "Delivered"
            case .dead: "Dead letters"
            }
        rows = input.entries.map { Row($0) }
        hasRows = !rows.isEmpty
        isLater = input.isLater
        newestHref = Self.href(input.status)
        following = input.next.map {
            [Link.page(Link.outbox, [("status", input.status.rawValue), ("after", $0)])]
        } ?? []
        isDead = input.status == .dead && hasRows
    }

    private static func href(_ status: DeliveryState.Status) -> String {
        Link.page(Link.outbox, [("status", status.rawValue)])
    }
}

extension OutboxView.Row {
    init(_ entry: OutboxEntryInput) {
        type = Words.clean(entry.type)
        eventId = Words.clean(entry.state.eventId)
        time = Moment(entry.time)
        stream = Words.clean(entry.state.stream)
        sink = Words.clean(entry.state.sink)
        face = Face(entry.state.status)
        attempts = "\(entry.state.attempts)"
        next = entry.nextAt.map { [Moment($0)] } ?? []
        answer = Words.clean(entry.state.answer)
        changed = Moment(entry.state.changedAt)
    }
}
