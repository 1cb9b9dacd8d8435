import Domain
import Wire

/// Bots as tables show them.
enum BotTable {
    static func status(_ bots: [BotStatusShape], colors: Bool) -> String {
        var table = Table(header: ["NAME", "ENVIRONMENT", "DESIRED", "DEPLOYED", "STATE", "SINCE", "MESSAGE"])
        table.rows = bots.map { bot in
            [
                .init(bot.name), .init(bot.environment), .init(bot.desired ?? "-"), .init(bot.deployed ?? "-"),
                state(bot.state), .init(TimeText.of(iso: bot.since)), .init(bot.message),
            ]
        }
        return table.text(colors: colors)
    }

    static func state(_ state: String) -> Table.Cell {
        Table.Cell(state, BotCondition.State(rawValue: state).map(paint) ?? .plain)
    }

    private static func paint(of state: BotCondition.State) -> Paint {
        switch state {
        case .inSync: .green
        case .drifted, .progressing, .waiting, .suspended, .unknown: .yellow
        case .blocked, .held, .failedOver, .degraded, .indeterminate, .invalid: .red
        case .unmanaged: .dim
        }
    }

    private static func verdict(_ guardShape: GuardShape) -> Table.Cell {
        let paint: Paint =
            switch Verdict(rawValue: guardShape.verdict) {
            case .pass: .green
            case .wait, .unknown: .yellow
            case .block: .red
            case nil: .plain
            }
        return Table.Cell(guardShape.verdict + (guardShape.waived == true ? " (waived)" : ""), paint)
    }

    static func guards(_ guards: [GuardShape], indent: String = "", colors: Bool) -> String {
        var table = Table(header: [], indent: indent)
        table.rows = guards.map { one in
            let until = one.until.map { ", until \(TimeText.of(iso: $0))" } ?? ""
            return [.init(one.guard), verdict(one), .init(one.detail + until)]
        }
        return table.text(colors: colors)
    }
}
