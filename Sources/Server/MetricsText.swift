import Domain
import Reconciler

/// What `/metrics` says: the fleet as it stands, and what this process counted.
struct MetricsText {
    let desk: Desk

    private struct Fleet: Sendable {
        var bots: [[(String, String)]] = []
        var drifted = 0
        var pending = 0
        /// Bots that a rollout is under way for: their name, by platform, environment and id.
        var rolling: [[String]: (name: String, environment: String)] = [:]

        init(_ engine: Engine) {
            for report in engine.reports() where report.state != .unmanaged {
                bots.append([
                    ("bot", report.name), ("environment", report.key.environment),
                    ("desired", report.desired ?? ""), ("deployed", report.deployed ?? ""),
                    ("state", report.state.rawValue),
                ])
                if report.isOff { drifted += 1 }
            }
            for machine in engine.machines.values {
                let key = machine.rollout.key
                rolling[[key.platform, key.environment, key.botId]] = (machine.rollout.name, key.environment)
            }
            pending = engine.pendingDeliveries
        }
    }

    func text() async throws -> String {
        let fleet = await desk.reconciler.look { Fleet($0) }
        let counts = desk.metrics.snapshot
        var page = MetricsPage()
        add(fleet, counts.sessions, to: &page)
        addWork(counts, to: &page)
        addReports(counts, pending: fleet.pending, dead: try await desk.records.deadDeliveries(), to: &page)
        ProcessFigures.add(to: &page)
        return page.text
    }

    private func add(_ fleet: Fleet, _ sessions: [[String]: Int], to page: inout MetricsPage) {
        page.family("ballast_bot_info", .gauge, "Each managed bot with its versions and state.")
        for labels in fleet.bots { page.sample("ballast_bot_info", labels, 1) }
        page.gauge(
            "ballast_drifted_bots", "Bots that do not serve what they are meant to serve.", Double(fleet.drifted))
        page.family("ballast_active_sessions", .gauge, "Conversations of a bot that a rollout is under way for.")
        let seen = sessions.compactMap { key, count in fleet.rolling[key].map { ($0, count) } }
        for (bot, count) in seen.sorted(by: { ($0.0.name, $0.0.environment) < ($1.0.name, $1.0.environment) }) {
            page.sample(
                "ballast_active_sessions", [("bot", bot.name), ("environment", bot.environment)], Double(count))
        }
    }

    private func addWork(_ counts: ServerMetrics.Counts, to page: inout MetricsPage) {
        page.counters(
            "ballast_rollouts_total", "Rollouts that ended in this process.", ["direction", "outcome"], counts.rollouts)
        page.histogram("ballast_rollout_duration_seconds", "From a rollout's start to its end.", counts.rolloutSeconds)
        page.histogram(
            "ballast_push_to_trigger_seconds", "From being told of a push to the deployment request that it led to.",
            counts.triggerSeconds)
        page.histogram(
            "ballast_verification_confidence", "Confidence of the intents that test conversations were answered with.",
            counts.confidence)
        page.histogram(
            "ballast_verification_latency_seconds", "How long the answers to test conversations took.",
            counts.turnSeconds)
        page.histogram("ballast_reconcile_duration_seconds", "From a pass's look to its end.", counts.passSeconds)
        page.histogram(
            "ballast_source_fetch_duration_seconds", "Looks at the remote, and readings of what moved.",
            counts.fetchSeconds)
        page.counter(
            "ballast_source_fetch_failures_total", "Looks and readings that failed.", Double(counts.fetchFailures))
        page.counters(
            "ballast_platform_requests_total", "Requests to bot platforms.", ["operation", "code"], counts.requests)
        page.counter(
            "ballast_platform_throttled_seconds_total", "For how long platforms asked to be left alone.",
            counts.throttledSeconds)
    }

    private func addReports(_ counts: ServerMetrics.Counts, pending: Int, dead: Int, to page: inout MetricsPage) {
        page.counters(
            "ballast_webhook_received_total", "Push webhooks by provider and what became of them.",
            ["provider", "result"], counts.hooks)
        page.counters(
            "ballast_notification_attempts_total", "Attempts to deliver events.", ["sink", "result"], counts.deliveries)
        page.gauge("ballast_notification_outbox", "Deliveries that are pending.", Double(pending))
        page.gauge("ballast_notification_dead", "Deliveries that were given up.", Double(dead))
        page.counter(
            "ballast_audit_push_retries_total", "Pushes of notes that another writer was quicker than.",
            Double(counts.lostPushes))
    }
}
