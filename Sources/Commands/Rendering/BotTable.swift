import Domain

/// Bots as tables show them.
enum BotTable {
    static func status(_ records: [BotRecord], colors: Bool) -> String {
        var table = Table(header: ["NAME", "ENVIRONMENT", "DESIRED", "DEPLOYED", "STATE", "SINCE", "MESSAGE"])
        table.rows = records.map { record in
            let desired = (record.pending?.declaration ?? record.declared)?.manifest.spec.version
            return [
                .init(record.name), .init(record.key.environment), .init(desired ?? "-"),
                .init(record.observed?.version ?? "-"), state(record.condition.state),
                .init(TimeText.of(record.condition.since)), .init(record.condition.message),
            ]
        }
        return table.text(colors: colors)
    }

    static func state(_ state: BotCondition.State) -> Table.Cell { Table.Cell(state.rawValue, paint(of: state)) }

    private static func paint(of state: BotCondition.State) -> Paint {
        switch state {
        case .inSync: .green
        case .drifted, .progressing, .waiting, .suspended, .unknown: .yellow
        case .blocked, .held, .failedOver, .degraded, .indeterminate, .invalid: .red
        case .unmanaged: .dim
        }
    }

    static func verdict(_ verdict: GuardVerdict) -> Table.Cell {
        let paint: Paint =
            switch verdict.verdict {
            case .pass: .green
            case .wait, .unknown: .yellow
            case .block: .red
            }
        return Table.Cell(verdict.verdict.rawValue + (verdict.waived ? " (waived)" : ""), paint)
    }

    static func guards(_ verdicts: [GuardVerdict], indent: String = "", colors: Bool) -> String {
        var table = Table(header: [], indent: indent)
        table.rows = verdicts.map { one in
            let until = one.until.map { ", until \(TimeText.of($0))" } ?? ""
            return [.init(one.guard.rawValue), verdict(one), .init(one.detail + until)]
        }
        return table.text(colors: colors)
    }
}
