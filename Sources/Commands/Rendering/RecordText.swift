import Domain

/// An audit record in one line.
enum RecordText {
    static func table(_ records: [JSONValue], colors: Bool) -> String {
        var table = Table(header: ["INDEX", "TIME", "WHAT", "BOT", "WHO", "MESSAGE"])
        table.rows = records.map { record in
            let cells = cells(record)
            let bot = record["bot"]?["name"]?.text ?? "-"
            let who = record["decidedBy"]?.text ?? record["commit"]?["author"]?.text ?? "-"
            return [cells[0], cells[1], cells[2], .init(bot), .init(who), cells[3]]
        }
        return records.isEmpty ? "" : table.text(colors: colors)
    }

    static func cells(_ record: JSONValue) -> [Table.Cell] {
        let index = record["chain"]?["index"]?.int.map { "\($0)" } ?? "?"
        let time = (record["auditTimestamp"]?.text).flatMap { Timestamp(iso8601: $0) }
        var what = record["type"]?.text ?? record["eventType"]?.text ?? "?"
        if let one = record["guard"]?.text ?? record["guard"]?["guard"]?.text { what += " \(one)" }
        let detail = record["message"]?.text ?? record["detail"]?.text ?? record["reason"]?.text ?? ""
        return [.init(index), .init(time.map { TimeText.of($0) } ?? "?"), .init(what), .init(detail)]
    }
}
