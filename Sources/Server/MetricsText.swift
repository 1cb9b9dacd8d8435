import Domain
import Reconciler

/// The Prometheus text format, 0.0.4.
struct MetricsText {
    let desk: Desk

    private struct Gathered: Sendable {
        var bots: [[(String, String)]] = []
        var drifted = 0
        var pending = 0
    }

    func text() async throws -> String {
        let gathered = await desk.reconciler.look { engine in
            var found = Gathered()
            for report in engine.reports() where report.state != .unmanaged {
                found.bots.append([
                    ("bot", report.name), ("environment", report.key.environment),
                    ("desired", report.desired ?? ""), ("deployed", report.deployed ?? ""),
                    ("state", report.state.rawValue),
                ])
                if report.isOff { found.drifted += 1 }
            }
            found.pending = engine.pendingDeliveries
            return found
        }
        let counts = desk.metrics.snapshot
        var page = MetricsPage()
        page.family("ballast_bot_info", .gauge, "Each managed bot with its versions and state.")
        for labels in gathered.bots { page.sample("ballast_bot_info", labels, 1) }
        page.family("ballast_drifted_bots", .gauge, "Bots that do not serve what they are meant to serve.")
        page.sample("ballast_drifted_bots", [], Double(gathered.drifted))
        page.family("ballast_rollouts_total", .counter, "Rollouts that ended in this process.")
        for (direction, outcomes) in counts.rollouts.sorted(by: { $0.key < $1.key }) {
            for (outcome, count) in outcomes.sorted(by: { $0.key < $1.key }) {
                page.sample("ballast_rollouts_total", [("direction", direction), ("outcome", outcome)], Double(count))
            }
        }
        page.histogram("ballast_rollout_duration_seconds", "From a rollout's start to its end.", counts.rolloutSeconds)
        page.family("ballast_webhook_received_total", .counter, "Push webhooks by provider and what became of them.")
        for (provider, results) in counts.hooks.sorted(by: { $0.key < $1.key }) {
            for (result, count) in results.sorted(by: { $0.key < $1.key }) {
                page.sample(
                    "ballast_webhook_received_total", [("provider", provider), ("result", result)], Double(count))
            }
        }
        page.family("ballast_notification_outbox", .gauge, "Deliveries that are pending.")
        page.sample("ballast_notification_outbox", [], Double(gathered.pending))
        page.family("ballast_notification_dead", .gauge, "Deliveries that were given up.")
        page.sample("ballast_notification_dead", [], Double(try await desk.records.deadDeliveries()))
        ProcessFigures.add(to: &page)
        return page.text
    }
}

/// One scrape's answer while it is written.
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

    mutating func histogram(_ name: String, _ help: String, _ counts: HistogramCounts) {
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
