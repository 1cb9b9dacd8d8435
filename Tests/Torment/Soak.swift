import Foundation
import Simulator
import Support

/// The daemon for as long as one asks, among commits, reverts, people at the console, and a platform and a sink that misbehave.
/// Every minute begins with misfortunes and ends in quiet, in which all bots must come to what the branch says.
struct Soak {
    var minutes: Int
    var bots: Int
    /// Of every minute; the rest is quiet.
    var misfortuneSeconds: Int
    var seed: UInt64

    /// In quiet every bot is as wanted within this: a timed-out rollout has ended, and what is backed off came again.
    static let quietSeconds = 45.0
    static let maxRedeliveries = 100

    func run() async throws -> Bool {
        let more = "logging: {format: json}"
        say("seed \(seed); \(bots) bots, \(minutes) minutes")
        do {
            try await World.run(bots: bots, keepsPromises: false, more: more) { world in
                do { try await watch(world) } catch {
                    let place = FileManager.default.temporaryDirectory.appending(path: "ballast-soak-\(seed)").path
                    try? FileManager.default.removeItem(atPath: place)
                    try? FileManager.default.copyItem(atPath: world.folder.path, toPath: place)
                    throw Violation("\(error)\n  kept in \(place)")
                }
            }
            say("every promise was kept")
            return true
        } catch {
            say("VIOLATION: \(error)")
            say(
                "  replay: swift run -c release torment soak --minutes \(minutes) --bots \(bots) "
                    + "--misfortunes \(misfortuneSeconds) --seed \(seed)")
            return false
        }
    }

    private func watch(_ world: World) async throws {
        let log = world.folder.path("serve.log")
        var record = SoakRecord()
        let ended = try await withProcess(
            try BuiltProducts.ballast(), ["serve"], environment: world.variables, in: world.folder.path, logPath: log
        ) { process in
            let port = try await eventually("the server listens") { Self.port(in: try world.folder.read("serve.log")) }
            var misfortunes = Misfortunes(world: world, seed: seed)
            say(ProcessFigures.header)
            for minute in 1...minutes {
                var answers: [Double] = []
                let start = ContinuousClock.now
                while ContinuousClock.now - start < .seconds(misfortuneSeconds) {
                    try await misfortunes.next()
                    answers.append(try LocalHTTP.milliseconds(port: port, path: "/healthz"))
                    answers.append(
                        try LocalHTTP.milliseconds(port: port, path: "/api/v1/bots", token: World.token))
                    try await Task.sleep(for: .milliseconds(700))
                }
                let seconds = try await quiet(world, &misfortunes)
                let figures = try ProcessFigures(of: process.pid, folder: world.folder)
                let inspection = Inspection(world: world)
                let counts = ProcessFigures.Counts(
                    commits: world.commits, deployments: try inspection.deployments(),
                    events: world.sink.accepted.count, records: try await inspection.trailBesideTheDaemon())
                say(figures.line(minute, counts, seconds, answers))
                try record.add(figures, counts, quietSeconds: seconds, answers: answers)
                let rest = Duration.seconds(60) - (ContinuousClock.now - start)
                if rest > .zero, minute != minutes { try await Task.sleep(for: rest) }
            }
        }
        guard ended.exitCode == 0 else {
            throw Violation("serve ended with \(ended.exitCode.map { "\($0)" } ?? "a signal") after SIGTERM")
        }
        say(record.summary)
        try await rest(world)
    }

    /// What the end of the daemon interrupted is finished by one run, and then everything is looked at from outside.
    private func rest(_ world: World) async throws {
        let last = try await world.ballast("reconcile", "--wait", "60s")
        guard last.exitCode == 0, world.isAsWanted else {
            throw Violation("the run after the daemon's end left something: \(last)")
        }
        let inspection = Inspection(world: world)
        try await redeliver(inspection)
        let found = try await inspection.everything()
        say("at rest: \(found.line), \(found.notes) outcomes on their commits, trail whole")
    }

    /// What the sink refused more than once is due in minutes or hours, and holds up what follows it: a person who knows that
    /// the sink is well again does not wait.
    private func redeliver(_ inspection: Inspection) async throws {
        var refused: [String] = []
        for _ in 0..<Self.maxRedeliveries {
            let pending = try await inspection.list("notifications", "list", "--status", "pending", "--limit", "10000")
            refused = pending.filter { ($0["attempts"] as? Int ?? 0) > 0 }.compactMap { $0["id"] as? String }
            guard let first = refused.last else { return }
            let output = try await inspection.world.ballast("notifications", "redeliver", first)
            guard output.exitCode == 0 else { throw Violation("event \(first) cannot be sent again: \(output)") }
        }
        throw Violation("after \(Self.maxRedeliveries) redeliveries events stay: \(refused)")
    }

    /// The misfortunes end, and every bot gets a fresh commit. - Returns: seconds until all were as wanted.
    private func quiet(_ world: World, _ misfortunes: inout Misfortunes) async throws -> Double {
        try await misfortunes.end()
        let start = ContinuousClock.now
        do {
            try await eventually("all bots are as wanted", timeout: .seconds(Self.quietSeconds)) { world.isAsWanted }
        } catch {
            let off = (0..<world.count).filter { world.served($0) != world.expected($0) }
            let status = try await world.ballast("status")
            throw Violation("\(error): \(off.map(World.name)) are not\n\(status.standardOutput)")
        }
        return (ContinuousClock.now - start) / .seconds(1)
    }

    /// What the line `listening` says.
    private static func port(in log: String) -> Int? {
        for line in log.split(separator: "\n") where line.contains("\"message\":\"listening\"") {
            guard let start = line.firstRange(of: "\"port\":\"")?.upperBound else { continue }
            return Int(line[start...].prefix { $0.isNumber })
        }
        return nil
    }
}
