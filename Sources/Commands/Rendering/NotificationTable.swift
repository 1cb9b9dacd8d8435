import Domain
import Wire

/// The outbox, for people.
enum NotificationTable {
    static func text(_ items: [NotificationsShape.Item], colors: Bool) -> String {
        guard !items.isEmpty else { return "" }
        var table = Table(header: ["ID", "TIME", "TYPE", "SINK", "STATUS", "ATTEMPTS", "NEXT", "ANSWER"])
        table.rows = items.map { item in
            [
                .init(item.id), .init(TimeText.of(iso: item.time)), .init(item.type), .init(item.sink),
                status(item.status), .init("\(item.attempts)"),
                .init(item.nextAt.map { TimeText.of(iso: $0) } ?? "-"), .init(item.answer),
            ]
        }
        return table.text(colors: colors)
    }

    private static func status(_ status: String) -> Table.Cell {
        let paint: Paint =
            switch DeliveryState.Status(rawValue: status) {
            case .pending: .yellow
            case .delivered: .green
            case .dead: .red
            case .superseded: .dim
            case nil: .plain
            }
        return Table.Cell(status, paint)
    }
}
