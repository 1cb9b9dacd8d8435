import Domain
import Wire

/// Follows on a server what a request leads to, as `reconcile` follows a pass of its own.
struct RemotePass {
    /// Between two questions: short at first, for what is done at once.
    static let pauses = [100, 200, 400].map { Duration.milliseconds($0) }
    static let longPause = Duration.milliseconds(700)

    let server: RemoteServer
    let selector: Selector?
    private var seen: [String: RolloutShape] = [:]

    init(server: RemoteServer, selector: Selector?) {
        self.server = server
        self.selector = selector
    }

    /// - Parameter wait: for guards and jobs, once the pass is over; what is not done then goes on there.
    /// - Returns: how all stands then, and the rollouts of the selected bots.
    static func follow(
        _ id: String, on server: RemoteServer, selector: Selector?, wait: Span, console: Console
    ) async throws -> ReconcileShape {
        var pass = RemotePass(server: server, selector: selector)
        do {
            return try await ProgressLine.showing("waiting for the server", on: console) { line in
                try await pass.run(id, wait: wait, line)
            }
        } catch is CancellationError {
            throw Pass.interrupted(open: pass.seen.values.filter(\.isOpen).map(\.name), onServer: true)
        }
    }

    private mutating func run(_ id: String, wait: Span, _ line: ProgressLine) async throws -> ReconcileShape {
        var deadline: ContinuousClock.Instant?
        var selected: Set<BotKey> = []
        var round = 0
        while true {
            let request = try await look(id)
            if let message = request.message { line.set(message) }
            for rollout in request.rollouts { seen[rollout.id] = rollout }
            if request.passed, deadline == nil {
                deadline = .now + .milliseconds(wait.milliseconds)
                selected = Set(try await report(id).bots.map(\.key))
            }
            let isOpen = request.rollouts.contains { $0.isOpen && selected.contains($0.key) }
            if let deadline, !isOpen || .now >= deadline { break }
            try await Task.sleep(for: round < Self.pauses.count ? Self.pauses[round] : Self.longPause)
            round += 1
        }
        var end = try await report(id)
        for rollout in end.rollouts { seen[rollout.id] = rollout }
        let keys = Set(end.bots.map(\.key))
        end.rollouts = try await rollouts().filter { keys.contains($0.key) }
        return end
    }

    private func look(_ id: String) async throws -> RequestShape {
        try await remembered { try await server.get(["requests", id]) }
    }

    private func report(_ id: String) async throws -> ReconcileShape {
        let report: ReconcileShape = try await remembered { try await server.get(["requests", id, "report"]) }
        return try report.selected(selector)
    }

    private func remembered<Value>(_ ask: () async throws -> Value) async throws -> Value {
        do { return try await ask() } catch let refusal as RemoteFailure where refusal.status == 404 {
            throw CommandFailure(
                .unusable, "the server \(server.shown) does not remember the request: it was started anew",
                remedy: "What was begun goes on there; look with `ballast status --server …`.")
        }
    }

    /// Those that ended first, then those that are open. One that was open in an earlier look may have ended since.
    private func rollouts() async throws -> [RolloutShape] {
        var all: [RolloutShape] = []
        for rollout in seen.values {
            guard rollout.isOpen else {
                all.append(rollout)
                continue
            }
            let now: RolloutDetailShape = try await server.get(["rollouts", rollout.id])
            all.append(now.rollout)
        }
        return all.sorted { ($0.endedAt ?? "~", $0.id) < ($1.endedAt ?? "~", $1.id) }
    }
}
