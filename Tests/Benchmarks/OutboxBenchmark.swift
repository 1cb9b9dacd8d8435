import Domain
import Foundation
import Simulator

extension Benchmarks {
    static let eventsPerBot = 20
    /// Each death, of the sink or of Ballast, leaves at most so many deliveries without the answer that they got.
    static let maxRepeatsPerDeath = 8

    /// Drift on every bot again and again, so that each has a gapless row of events; the sink refuses each of them once and dies
    /// twice, and Ballast dies once between.
    static func outbox(_ count: Int, _ claims: Claims) async throws {
        let bots = max(1, count / eventsPerBot)
        say(
            "\(bots * eventsPerBot) events of \(bots) bots; the sink answers 503 with `Retry-After: 1` to half of all attempts and"
                + " is killed twice, Ballast once; Ballast's clock runs \(HurriedClock.factor) times as fast")
        try await outboxCost(claims)
        try await withFolder { folder in
            try await runSimulator { platform, sink in
                sink.add(
                    SinkFault(.respond(status: 503, retryAfter: "1"), times: nil, timesPerEvent: 1))
                let more = """
                    logging: {level: info, format: json}
                    server: {port: 0, tokens: [{name: ops, role: operate, token: {file: key}}]}
                    notifications:
                      - {name: pipeline, kind: webhook, url: "\(try sink.url)", allowPrivate: true, events: [bot.managed, "drift.*"]}
                    """
                let stage = try await Stage.make(
                    bots, in: folder, platform: platform,
                    limits: Stage.Limits(reconcile: ", mode: alert, repeatInterval: 30d"), more: more)
                try await stage.commit(version: "v_1", bots: 0..<bots, message: "begin")
                let course = OutboxCourse(stage: stage, sink: sink, epoch: HurriedClock.wall())
                try await course.run(claims)
                sink.clearFaults()
                sink.forget()
                try await course.drain(claims)
            }
        }
    }
}

/// The story of one run.
struct OutboxCourse {
    let stage: Stage
    let sink: SimulatedSink
    let epoch: Int64

    private static let downtime = Duration.milliseconds(300)
    private static let limit = Span.minutes(10)
    private static let leastPerSecond = 200.0

    var expected: Int { stage.count * Benchmarks.eventsPerBot }

    func run(_ claims: Claims) async throws {
        let begun = ContinuousClock.now
        var daemon = try HurriedDaemon(stage, epoch: epoch, number: 0)
        try await daemon.observe()
        let rounds = Benchmarks.eventsPerBot - 1
        for round in 1...rounds {
            for bot in 0..<stage.count {
                _ = stage.platform.deployBehindGit(Stage.bot(bot), version: round % 2 == 0 ? "v_0" : "v_2")
            }
            try await daemon.observe()
            if round == rounds / 3 || round == rounds { try await killSink() }
            if round == rounds * 2 / 3 {
                try daemon.kill()
                daemon = try HurriedDaemon(stage, epoch: epoch, number: 1)
                try await daemon.observe()
            }
        }
        let made = (ContinuousClock.now - begun).milliseconds / 1000
        let wanted = expected
        try await sink.wait(for: "every event", limit: Self.limit) { attempts in
            attempts.count >= 2 * wanted && Set(attempts.filter(\.isAccepted).compactMap(\.id)).count >= wanted
        }
        let seconds = (ContinuousClock.now - begun).milliseconds / 1000
        try await daemon.observe()
        try daemon.end(SIGTERM)
        let attempts = sink.attempts
        say(
            "  all made in \(made.text(1)) s, all accepted after \(seconds.text(1)) s: \(attempts.count) attempts,"
                + " \((Double(wanted) / seconds).text(0)) accepted a second, \((Double(attempts.count) / seconds).text(0))"
                + " attempts")
        OutboxLedger(attempts).judge(expected: wanted, bots: stage.count, deaths: 3, claims)
    }

    /// As its own service manager restarts it: connections are cut, and for a moment nobody listens.
    private func killSink() async throws {
        let port = sink.port ?? 0
        await sink.shutdown()
        try await Task.sleep(for: Self.downtime)
        // Whoever tries to reach it meanwhile may hold the port for a moment as its own.
        let deadline = ContinuousClock.now + .seconds(30)
        while true {
            do {
                try await sink.start(port: port)
                return
            } catch {
                guard ContinuousClock.now < deadline else { throw error }
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    /// The same events again, asked for by a person, to a sink that is well: what a delivery costs by itself, with the real clock.
    func drain(_ claims: Claims) async throws {
        let daemon = try await Daemon(stage)
        let processor = daemon.processorSeconds
        let begun = ContinuousClock.now
        let asked = try stage.ballast(
            "notifications", "redeliver", "--sink", "pipeline", "--since", "2000-01-01T00:00:00Z", "--server",
            "http://127.0.0.1:\(daemon.port)", "--token-file", "\(stage.folder)/key")
        guard asked.status == 0 else {
            throw Child.Failure(description: "redeliver ended with \(asked.status): \(asked.output)")
        }
        let wanted = expected
        try await sink.wait(for: "every event again", limit: Self.limit) { $0.count(where: \.isAccepted) >= wanted }
        let seconds = (ContinuousClock.now - begun).milliseconds / 1000
        let rate = Double(wanted) / seconds
        let used = (daemon.processorSeconds - processor) * 1e6 / Double(wanted)
        say(
            "  all delivered again, as a person asked, to a sink that is well: \(rate.text(0)) deliveries a second,"
                + " \(used.text(0)) µs of processor time each")
        claims.expect(rate >= Self.leastPerSecond, "at least \(Self.leastPerSecond.text(0)) deliveries a second")
        let status = try daemon.stop()
        claims.expect(status == 0, "the daemon ended with \(status)")
    }
}

/// What the sink saw.
struct OutboxLedger {
    private var events: Set<String> = []
    private var repeats = 0
    private var attempts = 0
    private var accepted = 0
    /// By bot, in the order in which they were accepted first.
    private var sequences: [String: [Int64]] = [:]
    private var changedBodies = 0

    private struct Body: Decodable {
        struct Bot: Decodable { var name: String }

        var sequence: Int64
        var bot: Bot
    }

    init(_ deliveries: [ReceivedDelivery]) {
        let decoder = JSONDecoder()
        var bodies: [String: [UInt8]] = [:]
        for delivery in deliveries {
            attempts += 1
            guard let id = delivery.id, let body = try? decoder.decode(Body.self, from: Data(delivery.body)) else {
                continue
            }
            if bodies.updateValue(delivery.body, forKey: id).map({ $0 != delivery.body }) == true { changedBodies += 1 }
            guard delivery.isAccepted else { continue }
            accepted += 1
            if events.insert(id).inserted {
                sequences[body.bot.name, default: []].append(body.sequence)
            } else {
                repeats += 1
            }
        }
    }

    func judge(expected: Int, bots: Int, deaths: Int, _ claims: Claims) {
        let most = deaths * Benchmarks.maxRepeatsPerDeath
        let rows = sequences.values
        say("  \(attempts - accepted) of \(attempts) attempts failed; \(repeats) events were accepted twice")
        claims.expect(events.count == expected, "all \(expected) events arrived: \(events.count)")
        claims.expect(
            rows.count == bots && rows.allSatisfy { $0 == Array(1...Int64(Benchmarks.eventsPerBot)) },
            "in order and without a gap, bot by bot")
        claims.expect(
            repeats <= most, "at most \(most) repeats, those in flight when the sink or Ballast was killed: \(repeats)")
        claims.expect(changedBodies == 0, "every attempt of one event carried the same bytes")
        claims.expect(attempts - accepted >= expected, "half of all attempts failed")
    }
}
