package import Domain

/// One event's way to one sink; times as they are stored.
package struct OutboxEntryInput: Sendable {
    package var event: String
    package var type: String
    package var time: String
    package var stream: String
    package var sink: String
    package var status: DeliveryState.Status
    package var attempts: Int
    /// When the next attempt is due; nil: none is.
    package var nextAt: String?
    package var answer: String

    package init(
        event: String, type: String, time: String, stream: String, sink: String, status: DeliveryState.Status,
        attempts: Int, nextAt: String?, answer: String
    ) {
        self.event = event
        self.type = type
        self.time = time
        self.stream = stream
        self.sink = sink
        self.status = status
        self.attempts = attempts
        self.nextAt = nextAt
        self.answer = answer
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
        // What a newer state replaced is shown where there is any: most sinks show no states.
        let shown = DeliveryState.Status.allCases.filter {
            $0 != .superseded || (input.counts[$0] ?? 0) > 0 || input.status == $0
        }
        tabs = shown.map { status in
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
            case .superseded: "Replaced by a newer state before they were sent"
            }
        rows = input.entries.map { Row($0) }
        hasRows = !rows.isEmpty
        isLater = input.isLater
        newestHref = Self.href(input.status)
        following =
            input.next.map {
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
        eventId = Words.clean(entry.event)
        time = Moment(iso8601: entry.time)
        stream = Words.clean(entry.stream)
        sink = Words.clean(entry.sink)
        face = Face(entry.status)
        attempts = "\(entry.attempts)"
        next = entry.nextAt.map { [Moment(iso8601: $0)] } ?? []
        answer = Words.clean(entry.answer)
    }
}
