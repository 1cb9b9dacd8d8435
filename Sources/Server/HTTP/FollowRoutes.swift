import Domain
import Hummingbird
import Reconciler
import Wire

/// What a client needs beside the lists: who it is, how far it is with what it asked for, and a bot's whole way.
struct FollowRoutes: Sendable {
    let desk: Desk
    let authorization: Authorization

    func add(to router: Router<ServerContext>) {
        router.get("/api/v1/caller") { request, _ in
            let caller = try authorization.caller(of: request, needs: .read)
            return try JSONText.response(
                CallerShape(
                    name: caller.name, role: caller.role.rawValue, decides: !desk.settings.tokens.isEmpty))
        }
        router.get("/api/v1/requests/:id") { request, context in
            _ = try authorization.caller(of: request, needs: .read)
            return try JSONText.response(try await progress(of: try context.parameters.require("id")))
        }
        router.get("/api/v1/bots/:name/trace") { request, context in
            _ = try authorization.caller(of: request, needs: .read)
            guard let bot = await desk.find(try context.parameters.require("name")) else {
                throw HTTPProblem(.notFound, "no bot is called that")
            }
            return try JSONText.response(try await desk.records.trace(of: bot))
        }
    }

    private func progress(of id: String) async throws -> RequestShape {
        guard let found = await desk.reconciler.following(id) else {
            throw HTTPProblem(.notFound, "no request of that id is remembered")
        }
        var ids: Set<String> = []
        var newest: Event?
        for event in found.events {
            newest = try await desk.records.event(id: event) ?? newest
            if let rollout = newest?.rollout?.id { ids.insert(rollout) }
        }
        var rollouts = found.open.map { RolloutShape($0) }
        for id in ids.subtracting(found.open.map(\.id)).sorted() {
            if let ended = try await desk.records.rollout(id: id) { rollouts.append(RolloutShape(ended)) }
        }
        let message = newest.map { event in event.bot.map { "\($0.name): \(event.message)" } ?? event.message }
        return RequestShape(id: id, passed: found.hasPassed, rollouts: rollouts, message: message)
    }
}
