import Domain
import Hummingbird
import Reconciler
import Wire

/// What a client needs beside the lists: who it is, how far it is with what it asked for, and a bot's whole way.
struct FollowRoutes: Sendable {
    let desk: Desk

    func add(to routes: Routes) {
        routes.add(Self.caller) { asked in
            let decides = !desk.settings.tokens.isEmpty
            return try JSONText.response(
                CallerShape(
                    name: asked.caller?.name ?? "", role: asked.caller?.role.rawValue ?? "", decides: decides))
        }
        routes.add(Self.request) { asked in
            try JSONText.response(try await progress(of: try asked.parameter("id")))
        }
        routes.add(Self.report) { asked in
            try JSONText.response(try await report(on: try asked.parameter("id")))
        }
        routes.add(Self.trace) { asked in
            let bot = try await desk.requireBot(try asked.parameter("name"))
            return try JSONText.response(try await desk.records.trace(of: bot))
        }
    }

    private static let caller = Operation(
        method: .get, path: "/api/v1/caller", summary: "Whose token it is, and what it may do", needs: .read,
        answer: .json("Caller"))
    private static let request = Operation(
        method: .get, path: "/api/v1/requests/{id}",
        summary: "How far it is with a pass that was asked for, and its rollouts; of the last requests of this process",
        needs: .read, answer: .json("Request"), problems: [.notFound])
    private static let report = Operation(
        method: .get, path: "/api/v1/requests/{id}/report",
        summary:
            "The rollouts of a pass that was asked for, and how every bot stands now, as `ballast reconcile` prints it",
        needs: .read, answer: .json("Reconciled"), problems: [.notFound])
    private static let trace = Operation(
        method: .get, path: "/api/v1/bots/{name}/trace",
        summary: "A bot from the commit to the deployed version: which rollout, which job, which events went where",
        needs: .read, answer: .json("Trace"), problems: [.notFound])

    private func following(_ id: String) async throws -> Following {
        guard let found = await desk.reconciler.following(id) else {
            throw HTTPProblem(.notFound, "no request of that id is remembered")
        }
        return found
    }

    private func progress(of id: String) async throws -> RequestShape {
        let found = try await following(id)
        let newest = if let last = found.events.last { try await desk.records.event(id: last) } else { Event?.none }
        let message = newest.map { event in event.bot.map { "\($0.name): \(event.message)" } ?? event.message }
        return RequestShape(
            id: id, passed: found.hasPassed, rollouts: try await rollouts(of: found), message: message)
    }

    private func report(on id: String) async throws -> ReconcileShape {
        let found = try await following(id)
        let now = await desk.reconciler.look { RunReport($0) }
        let plan = PlanShape(
            commit: now.commit, branch: now.branch, bots: now.bots, problems: now.problems, failure: now.failure,
            unreachablePlatforms: now.unreachablePlatforms)
        return ReconcileShape(plan, rollouts: try await rollouts(of: found))
    }

    /// Ended ones first.
    private func rollouts(of found: Following) async throws -> [RolloutShape] {
        let open = Set(found.open.map(\.id))
        var ids: Set<String> = []
        for id in found.events {
            if let rollout = try await desk.records.event(id: id)?.rollout?.id { ids.insert(rollout) }
        }
        var rollouts: [RolloutShape] = []
        for id in ids.subtracting(open).sorted() {
            rollouts += try await desk.records.rollouts(idPrefix: id).map { RolloutShape($0) }
        }
        return rollouts + found.open.map { RolloutShape($0) }
    }
}
