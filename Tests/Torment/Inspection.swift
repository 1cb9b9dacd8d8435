import Domain
import Foundation
import Simulator
import Support

/// Holds a world that is at rest to what was promised, by what others have of it: the platform, the sink, the remote, the log.
struct Inspection {
    struct Figures: Sendable {
        var jobs = 0
        var rollouts = 0
        var records = 0
        var notes = 0
        var events = 0
        var repeats = 0

        mutating func add(_ other: Figures) {
            jobs += other.jobs
            rollouts += other.rollouts
            records += other.records
            notes += other.notes
            events += other.events
            repeats += other.repeats
        }

        var line: String {
            "\(jobs) deployments, \(rollouts) rollouts, \(records) records, \(events) events (\(repeats) again)"
        }
    }

    let world: World

    /// Needs a world in which nothing runs, and in which every event and note went out.
    func everything() async throws -> Figures {
        var figures = Figures()
        try await drained()
        figures.jobs = try deployments()
        let log = try log()
        figures.records = log.count
        figures.rollouts = try rollouts(log)
        try await trail(records: log.count)
        figures.notes = try await notes(log)
        (figures.events, figures.repeats) = try await events()
        return figures
    }

    /// Runs of `reconcile`, which end by sending what is due.
    private func drained() async throws {
        for _ in 0..<20 {
            let pending = try await list("notifications", "list", "--status", "pending", "--limit", "1000")
            let verdict = try await json("audit", "verify")
            if pending.isEmpty, (verdict["pendingNotes"] as? [Any])?.isEmpty == true { return }
            // What was tried in vain is due again after some seconds.
            try await Task.sleep(for: .milliseconds(500))
            _ = try await world.ballast("reconcile", "--wait", "30s")
        }
        let pending = try await world.ballast("notifications", "list", "--status", "pending")
        throw Violation("events or notes stay: \(pending)")
    }

    /// Invariants 2 and 3: one job for one key, and never two of a bot at once.
    func deployments() throws -> Int {
        let jobs = world.platform.jobs().filter { $0.createdBy == "ballast" }
        var keys: [String: SimulatedJob] = [:]
        for job in jobs {
            guard let key = job.idempotencyKey else { throw Violation("\(job.id) has no key") }
            if let first = keys.updateValue(job, forKey: key) { throw Violation("deployed twice: \(first) and \(job)") }
        }
        for (_, ofBot) in Dictionary(grouping: jobs, by: \.botId) {
            for (one, next) in zip(ofBot, ofBot.dropFirst()) {
                let ends =
                    one.createdAt.milliseconds + one.script.queuedFor.milliseconds + one.script.runningFor.milliseconds
                if next.createdAt.milliseconds < ends { throw Violation("at once: \(one) and \(next)") }
            }
        }
        return jobs.count
    }

    /// Invariant 18 while the daemon runs. - Returns: the log's records.
    func trailBesideTheDaemon() async throws -> Int {
        let output = try await world.ballast("audit", "verify")
        guard output.exitCode == 0 else { throw Violation("the trail is not whole: \(output)") }
        return try log(isAtRest: false).count
    }

    /// The log: indexes from 1 without a gap.
    /// - Parameter isAtRest: nobody writes; else the last line may be half written.
    private func log(isAtRest: Bool = true) throws -> [[String: Any]] {
        var text = world.folder.exists("audit.jsonl") ? try world.folder.read("audit.jsonl") : ""
        guard text.isEmpty || text.hasSuffix("\n") || !isAtRest else {
            throw Violation("the log's last line is torn after a whole run")
        }
        text = String(text[..<(text.lastIndex(of: "\n") ?? text.startIndex)])
        var records: [[String: Any]] = []
        for (position, line) in text.split(separator: "\n").enumerated() {
            guard let record = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
                let index = (record["chain"] as? [String: Any])?["index"] as? Int
            else { throw Violation("line \(position + 1) of the log is no record: \(line)") }
            guard index == position + 1 else { throw Violation("line \(position + 1) of the log is record \(index)") }
            records.append(record)
        }
        return records
    }

    /// Invariant 8: one start and one end for each.
    private func rollouts(_ log: [[String: Any]]) throws -> Int {
        var starts: [String: Int] = [:]
        var ends: [String: Int] = [:]
        for record in log {
            guard let rollout = record["rollout"] as? String else { continue }
            switch record["type"] as? String {
            case "rollout.start": starts[rollout, default: 0] += 1
            case "rollout.end": ends[rollout, default: 0] += 1
            default: break
            }
        }
        for (rollout, count) in starts where count != 1 || ends[rollout] != 1 {
            throw Violation("rollout \(rollout) has \(count) starts and \(ends[rollout] ?? 0) ends")
        }
        guard Set(ends.keys) == Set(starts.keys) else { throw Violation("an end without a start") }
        return starts.count
    }

    /// Invariant 18, and that journal and log have the same records.
    private func trail(records: Int) async throws {
        let output = try await world.ballast("audit", "verify")
        guard output.exitCode == 0 else { throw Violation("the trail is not whole: \(output)") }
        let proved = try await json("audit", "verify")["proved"] as? [String: Int] ?? [:]
        guard proved["journal"] == records, proved["log"] == records else {
            throw Violation("the log has \(records) records, and proved were \(proved)")
        }
    }

    /// Invariant 8: the outcome stands on the remote, once, on the commit that asked for it; or that commit's note is full and
    /// says that it lacks it.
    private func notes(_ log: [[String: Any]]) async throws -> Int {
        let output = try await checkProcess(
            "git",
            ["--git-dir", world.folder.path("bots.git"), "log", "main", "--notes=ballast", "--format=%x01%H%n%N"],
            environment: GitFixture.environment)
        var places: [String: [String]] = [:]
        var lacking: [String: ClosedRange<Int>] = [:]
        for part in output.standardOutput.split(separator: "\u{01}") {
            let lines = part.split(separator: "\n")
            guard let commit = lines.first.map(String.init) else { continue }
            for line in lines.dropFirst() {
                guard let record = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] else {
                    continue
                }
                if record["type"] as? String == "rollout.end", let rollout = record["rollout"] as? String {
                    places[rollout, default: []].append(commit)
                } else if let more = record["more"] as? [String: Int], let first = more["first"],
                    let last = more["last"],
                    first <= last
                {
                    lacking[commit] = first...last
                }
            }
        }
        var count = 0
        for record in log where record["type"] as? String == "rollout.end" {
            guard let rollout = record["rollout"] as? String,
                let commit = (record["commit"] as? [String: Any])?["sha"] as? String,
                let index = (record["chain"] as? [String: Any])?["index"] as? Int
            else { throw Violation("an end without a rollout or a commit: \(record)") }
            if places[rollout] == nil, lacking[commit]?.contains(index) == true { continue }
            guard places[rollout] == [commit] else {
                throw Violation("the outcome of \(rollout) belongs on \(commit) and stands on \(places[rollout] ?? [])")
            }
            count += 1
        }
        return count
    }

    /// Invariant 9: every event at least once, under one id, in order per bot.
    func events() async throws -> (count: Int, repeats: Int) {
        let accepted = world.sink.accepted
        if let bad = world.sink.attempts.first(where: { $0.signature != .valid }) {
            throw Violation("unsigned: \(bad.text)")
        }
        var bodies: [String: [UInt8]] = [:]
        var lastOfBot: [String: Int] = [:]
        var repeats = 0
        for delivery in accepted {
            guard let id = delivery.id else { throw Violation("an event without an id: \(delivery.text)") }
            if let first = bodies[id] {
                guard first == delivery.body else { throw Violation("event \(id) has two bodies") }
                repeats += 1
                continue
            }
            bodies[id] = delivery.body
            guard let event = try JSONSerialization.jsonObject(with: Data(delivery.body)) as? [String: Any],
                event["bot"] != nil, let bot = event["botId"] as? String, let sequence = event["sequence"] as? Int
            else { continue }
            let last = lastOfBot[bot] ?? 0
            guard sequence == last + 1 else {
                throw Violation("\(bot): event \(sequence) came after event \(last): \(delivery.text)")
            }
            lastOfBot[bot] = sequence
        }
        for item in try await list("notifications", "list", "--limit", "10000") {
            guard let id = item["id"] as? String, item["status"] as? String == "delivered" else {
                throw Violation("not delivered: \(item)")
            }
            guard bodies[id] != nil else { throw Violation("said to be delivered, and never came: \(item)") }
        }
        return (bodies.count, repeats)
    }

    private func json(_ arguments: String...) async throws -> [String: Any] { try await json(arguments) }

    private func json(_ arguments: [String]) async throws -> [String: Any] {
        let output = try await runProcess(
            try BuiltProducts.ballast(), arguments + ["-o", "json"], environment: world.variables, in: world.folder.path
        )
        guard let value = try? JSONSerialization.jsonObject(with: Data(output.standardOutput.utf8)) as? [String: Any]
        else {
            throw Violation("\(arguments): \(output)")
        }
        return value
    }

    func list(_ arguments: String...) async throws -> [[String: Any]] {
        try await json(arguments)["items"] as? [[String: Any]] ?? []
    }
}
