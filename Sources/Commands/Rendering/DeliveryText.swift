import Domain
import Foundation
import Wire

/// Delivery figures for people: a table, and the same as Markdown for a pull request or a page.
struct DeliveryText {
    /// A figure without anything to measure: neither zero nor fine.
    static let noData = "no data"

    var shape: DeliveryShape

    func table(colors: Bool) -> String {
        var table = Table(header: header.map { $0.uppercased() })
        table.rows = shape.groups.map { cells($0).map { Table.Cell($0) } }
        table.rows.append(totals.map { Table.Cell($0, .bold) })
        return table.text(colors: colors)
    }

    var markdown: String {
        let lines = [header, header.indices.map { $0 < names ? "---" : "---:" }] + shape.groups.map(cells)
        return "Deliveries from \(TimeText.of(iso: shape.since)) to \(TimeText.of(iso: shape.until))\n\n"
            + lines.map { Self.line($0) }.joined() + Self.line(totals.map { "**\($0)**" })
    }

    private var isByBot: Bool { shape.by == DeliveryReport.Grouping.bot.text }

    /// Columns that name the group.
    private var names: Int { isByBot ? 2 : 1 }

    private var header: [String] {
        let title = shape.by.hasPrefix("label=") ? String(shape.by.dropFirst("label=".count)) : shape.by
        return (isByBot ? ["Name", "Environment"] : [title]) + [
            "Deployments", "Succeeded", "Per day", "Lead time", "p90", "Failure rate", "Restored in", "Unrestored",
        ]
    }

    private func cells(_ group: DeliveryShape.Group) -> [String] {
        [group.name ?? "(none)"] + (isByBot ? [group.environment ?? ""] : []) + figures(group.figures)
    }

    private var totals: [String] { ["total"] + (isByBot ? [""] : []) + figures(shape.totals) }

    private func figures(_ figures: DeliveryShape.Figures) -> [String] {
        [
            String(figures.deployments), String(figures.succeeded),
            figures.succeededPerDay.map { Self.decimal($0, digits: 2) } ?? Self.noData,
            Self.duration(figures.leadTime.medianMs), Self.duration(figures.leadTime.p90Ms),
            figures.changeFailureRate.map { Self.decimal($0 * 100, digits: 1) + " %" } ?? Self.noData,
            Self.duration(figures.timeToRestore.medianMs), String(figures.timeToRestore.unrestored),
        ]
    }

    private static func decimal(_ number: Double, digits: Int) -> String {
        String(format: "%.\(digits)f", locale: Locale(identifier: "en_US_POSIX"), number)
    }

    static func duration(_ milliseconds: Int64?) -> String {
        milliseconds.map { Span(milliseconds: $0).rounded.text } ?? noData
    }

    /// What would end a cell, begin markup or start a line is written as text.
    private static func line(_ cells: [String]) -> String {
        "| " + cells.map(escaped).joined(separator: " | ") + " |\n"
    }

    private static func escaped(_ text: String) -> String {
        UntrustedText.cleaned(text, maxCharacters: Table.maxCellCharacters).replacing("\\", with: "\\\\")
            .replacing("|", with: "\\|").replacing("<", with: "&lt;")
    }
}
