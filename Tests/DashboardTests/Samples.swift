import Dashboard
import Domain

/// Plain data that pages are made of.
enum Sample {
    static let start = Timestamp(milliseconds: 1_700_000_000_000)

    static func at(_ seconds: Double) -> Timestamp {
        Timestamp(milliseconds: start.milliseconds + Int64(seconds * 1000))
    }

    static func key(_ id: String = "bot_1") -> BotKey {
        BotKey(platform: "default", botId: id, environment: "PRODUCTION")
    }

    static func provenance(author: String = "Ada <ada@example.org>", message: String = "Use v7\n\nbody") -> Provenance {
        Provenance(
            commit: CommitID(String(repeating: "a", count: 40)), author: author, committer: author, message: message,
            committedAt: at(-60), reverts: nil, signature: .unsigned, step: CommitID(String(repeating: "a", count: 40)))
    }

    static func record(
        _ name: String = "order-support", id: String = "bot_1", state: BotCondition.State = .inSync,
        guard: Guard? = nil, message: String = "serves v7", labels: [String: String] = ["team": "orders"],
        desired: String = "v7", deployed: String? = "v7", author: String = "Ada <ada@example.org>"
    ) -> BotRecord {
        var record = BotRecord(
            key: key(id), name: name, condition: BotCondition(state, guard: `guard`, message: message, since: at(0)))
        var spec = Manifest.Spec(platform: "default", botId: id, environment: "PRODUCTION", version: desired)
        spec.verify = [VerifyCase(message: "order", intent: "order_support", minConfidence: 0.8)]
        record.declared = Declaration(
            manifest: Manifest(name: name, labels: labels, spec: spec), digest: "d", specDigest: "s",
            path: "bots/\(name).yaml", index: 0, provenance: provenance(author: author))
        record.observed = Observation(
            version: deployed, jobId: "job_1", by: "ballast", at: at(0), idempotencyKey: nil)
        return record
    }

    static func rollout(
        _ id: String = "01936b1e-7c3a-7d2f-9a51-0c6f2f4b8e11", name: String = "order-support",
        outcome: Outcome? = .succeeded, message: String = "v7 serves and passed its verification",
        turns: [TurnResult] = [], maxSessions: Int = 0
    ) -> Rollout {
        var guards = Guards()
        guards.maxActiveSessions = maxSessions
        let settings = RolloutSettings(
            guards: guards, verify: [VerifyCase(message: "order", intent: "order_support", minConfidence: 0.8)],
            onFailure: .failover, fallbackVersion: nil, rolloutTimeout: .minutes(30), verifyTimeout: .minutes(5),
            requestTimeout: .seconds(30))
        var rollout = Rollout(
            id: id, key: key(), name: name, labels: [:], provenance: provenance(), cause: .manifest, settings: settings,
            from: "v5", to: "v7", direction: .deployment, isReturn: false,
            now: Now(tick: Tick(milliseconds: 0), wall: start))
        rollout.outcome = outcome
        rollout.message = message
        rollout.turns = turns
        rollout.phase = outcome == nil ? .draining : .ended
        rollout.endedAt = outcome == nil ? nil : at(10)
        return rollout
    }

    static func turn(
        _ verdict: TurnResult.Verdict = .passed, confidence: Double? = 0.93, latency: Double = 61.5,
        message: String = "I need help", seconds: Double = 5
    ) -> TurnResult {
        TurnResult(
            testMessage: message, attempt: 1, verdict: verdict, detectedIntent: "order_support", confidence: confidence,
            entityAccuracy: 1, latencyMs: latency, versionId: "v7", at: at(seconds), detail: "passed")
    }

    static func line(
        _ step: String, seconds: Double, index: Int64 = 1, _ fields: [String: JSONValue] = [:]
    ) -> AuditLineView {
        var members = fields
        members["step"] = .string(step)
        members["type"] = .string("rollout.\(step)")
        members["auditTimestamp"] = .string(at(seconds).iso8601)
        members["chain"] = .object(["index": .integer(index), "hash": .string("abcdef0123456789")])
        return AuditLineView(line: "{\"index\":\(index)}", value: .object(members))
    }

    static func sessions(_ detail: String, seconds: Double, verdict: String = "wait") -> AuditLineView {
        line(
            "guard", seconds: seconds, index: 100 + Int64(seconds),
            ["guard": .string("sessions"), "verdict": .string(verdict), "detail": .string(detail)])
    }

    static func event(_ message: String = "a rollout started", name: String = "order-support") -> Event {
        var event = Event(
            id: "01936b1e-0000-7d2f-9a51-0c6f2f4b8e11", type: "rollout.started", time: at(1), severity: .info,
            sequence: 1, stream: key().description, fingerprint: "f", message: message, status: .pending)
        event.bot = Event.BotReference(key: key(), name: name, labels: [:])
        return event
    }
}

/// Every kind of page, with `text` in every place that comes from outside.
enum Gallery {
    static func pages(_ text: String) throws -> [(name: String, html: String)] {
        let pages = try Pages()
        // Cursors and ids are this server's own; nobody else makes them long.
        let link = String(text.prefix(500))
        func page(_ name: String, _ content: Pages.Content) -> (name: String, html: String) {
            (name, pages.page(content, Chrome(title: text, section: .fleet, who: text, now: Sample.start)).html)
        }
        var bot = Sample.record(
            text, state: .waiting, guard: .sessions, message: text, labels: [text: text], desired: text, deployed: "v5",
            author: text)
        bot.quarantine = [Quarantine(version: text, reason: text, rolloutId: text, specDigest: "s")]
        bot.meant = MeantVersion(version: text, reason: text, rolloutId: text)
        bot.suspension = Suspension(by: text, reason: text, until: nil)
        var rollout = Sample.rollout(name: text, message: text, turns: [Sample.turn(message: text)])
        rollout.to = text
        rollout.fallback = text
        rollout.guards = [GuardVerdict(.window, .wait, text, until: Sample.start)]
        rollout.marks = [.init(phase: "guarding", at: Sample.at(0))]
        let lines = [
            Sample.line("quarantine", seconds: 1, index: 1, ["version": .string(text), "reason": .string(text)]),
            Sample.line("message", seconds: 2, index: 2, ["message": .string(text), "rollout": .string(link)]),
            Sample.sessions("3 active, at most 0", seconds: 3), Sample.sessions("1 active, at most 0", seconds: 4),
        ]
        var fleet = FleetSnapshot()
        fleet.bots = [FleetBot(bot)]
        fleet.branch = text
        fleet.events = [Sample.event(text, name: text)]
        fleet.open = [rollout]
        fleet.openCount = 1
        let query = FleetQuery { $0 == "name" ? text : nil }
        let entry = OutboxEntryInput(
            event: text, type: text, time: text, stream: text, sink: text, status: .dead, attempts: 3, nextAt: nil,
            answer: text)
        let outbox = OutboxInput(
            counts: [.dead: 1], sinks: [.init(name: text, kind: text, disabled: text)], status: .dead, entries: [entry],
            next: link, isLater: true)
        let audit = AuditView.Input(
            health: TrailHealth(provedAt: Sample.start, proved: [.init(place: "log", records: 3)], findings: [text]),
            chain: text, notesDue: 1, notesFailure: text, records: lines, next: link, isLater: true, bot: text,
            isUnknownBot: false)
        let period = DeliveryPeriod(since: Sample.at(-86_400), until: Sample.at(100))
        var report = DeliveryReport(over: period, by: .label("team"))
        report.take(
            DeliveryFact(
                bot: Sample.key(), name: text, labels: ["team": text], at: Sample.at(1),
                .ended(
                    .init(
                        .succeeded, direction: .deployment, cause: .manifest, commit: CommitID("a"),
                        committedAt: Sample.at(0)))))
        let delivery = DeliveryView.Input(report: report, days: 30, labels: [text], grouping: "label=\(text)")
        return [
            page("fleet", .fleet(FleetView(fleet, query: FleetQuery()))),
            page("filtered", .fleet(FleetView(fleet, query: query))),
            page(
                "bot", .bot(BotView(BotSnapshot(bot: bot, records: lines, rollouts: [rollout], events: fleet.events)))),
            page("rollouts", .rollouts(RolloutsView([rollout], next: link, isLater: true))),
            page("rollout", .rollout(RolloutView(rollout, records: lines))),
            page("outbox", .outbox(OutboxView(outbox))), page("audit", .audit(AuditView(audit))),
            page("delivery", .delivery(DeliveryView(delivery))),
            page("sign-in", .signIn(SignInView(next: text, failure: text))),
            page("fault", .fault(FaultView(title: text, detail: text, requestId: text))),
        ]
    }
}
