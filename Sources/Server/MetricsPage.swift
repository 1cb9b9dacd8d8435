import Domain

/// One scrape's answer while it is written: the Prometheus text format, 0.0.4.
struct MetricsPage {
    enum Kind: String { case counter, gauge, histogram }

    private(set) var text = ""

    mutating func family(_ name: String, _ kind: Kind, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
    }

    mutating func sample(_ name: String, _ labels: [(String, String)], _ value: Double) {
        let list = labels.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
        text += "\(name)\(list.isEmpty ? "" : "{\(list)}") \(Self.number(value))\n"
    }

    mutating func counter(_ name: String, _ help: String, _ value: Double) {
        family(name, .counter, help)
        sample(name, [], value)
    }

    mutating func gauge(_ name: String, _ help: String, _ value: Double) {
        family(name, .gauge, help)
        sample(name, [], value)
    }

    mutating func counters(_ name: String, _ help: String, _ labels: [String], _ counts: Counters) {
        family(name, .counter, help)
        for (values, count) in counts.values.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            sample(name, Array(zip(labels, values)), Double(count))
        }
    }

    mutating func histogram(_ name: String, _ help: String, _ counts: Histogram) {
        family(name, .histogram, help)
        for (bound, count) in zip(counts.bounds, counts.counts) {
            sample("\(name)_bucket", [("le", Self.number(bound))], Double(count))
        }
        sample("\(name)_bucket", [("le", "+Inf")], Double(counts.total))
        sample("\(name)_sum", [], counts.sum)
        sample("\(name)_count", [], Double(counts.total))
    }

    private static func escaped(_ text: String) -> String {
        UntrustedText.cleaned(text, maxCharacters: 200).replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            .replacing("\n", with: "\\n")
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    }
}
