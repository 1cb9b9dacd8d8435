import Domain
import Store

/// The outbox, for people.
enum NotificationTable {
    static func text(_ items: [DeliveryListing], colors: Bool) -> String {
        guard !items.isEmpty else { return "" }
        var table = Table(header: ["ID", "TIME", "TYPE", "SINK", "STATUS", "ATTEMPTS", "NEXT", "ANSWER"])
        table.rows = items.map { item in
            [
                .init(item.state.eventId), .init(TimeText.of(item.time)), .init(item.type), .init(item.state.sink),
                status(item.state.status), .init("\(item.state.attempts)"),
                .init(item.nextAt.map { TimeText.of($0) } ?? "-"), .init(item.state.answer),
            ]
        }
        return table.text(colors: colors)
    }

    private static func status(_ status: DeliveryState.Status) -> Table.Cell {
        let paint: Paint =
            switch status {
            case .pending: .yellow
            case .delivered: .green
            case .dead: .red
            case .superseded: .dim
            }
        return Table.Cell(status.rawValue, paint)
    }
}
