import Domain

/// Rows of text in columns that are aligned by the width at which a terminal shows them.
struct Table: Sendable {
    struct Cell: Sendable, ExpressibleByStringLiteral {
        var text: String
        var paint: Paint

        init(_ text: String, _ paint: Paint = .plain) {
            self.text = UntrustedText.cleaned(text, maxCharacters: Table.maxCellCharacters)
            self.paint = paint
        }

        init(stringLiteral value: String) { self.init(value) }
    }

    static let maxCellCharacters = 500
    private static let gap = "  "

    var header: [String]
    var rows: [[Cell]] = []
    var indent = ""

    /// With line ends; the last column is not filled up.
    func text(colors: Bool) -> String {
        let titles = header.map { Cell($0, .bold) }
        let lines = (titles.isEmpty ? [] : [titles]) + rows
        let widths = (0..<(lines.map(\.count).max() ?? 0)).map { column in
            lines.map { column < $0.count ? DisplayWidth.of($0[column].text) : 0 }.max() ?? 0
        }
        return lines.map { line(of: $0, widths, colors) + "\n" }.joined()
    }

    private func line(of cells: [Cell], _ widths: [Int], _ colors: Bool) -> String {
        var line = indent
        var owed = 0
        for (column, cell) in cells.enumerated() {
            // Blanks are written only before something, so that no line ends with them.
            if !cell.text.isEmpty {
                line += String(repeating: " ", count: owed) + cell.paint.on(cell.text, colors)
                owed = 0
            }
            owed += widths[column] - DisplayWidth.of(cell.text) + Table.gap.count
        }
        return line
    }
}

extension Table {
    /// Labels and values, one a line.
    static func fields(_ pairs: [(String, String?)], colors: Bool) -> String {
        var table = Table(header: [])
        table.rows = pairs.compactMap { label, value in value.map { [Cell(label, .dim), Cell($0)] } }
        return table.text(colors: colors)
    }
}
