import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Reconciler
import Wire

/// `GET /api/v1/…`: bots and rollouts, as the command line prints them.
struct ReadRoutes: Sendable {
    let desk: Desk

    func add(to routes: Routes) {
        routes.add(Self.bots) { try await bots($0) }
        routes.add(Self.bot) { try await JSONText.response(BotStatusShape(desk.requireBot($0.parameter("name")))) }
        routes.add(Self.rolloutsOfBot) { asked in
            try await rollouts(of: try await desk.requireBot(try asked.parameter("name")).key, asked)
        }
        routes.add(Self.rollouts) { try await rollouts(of: nil, $0) }
        routes.add(Self.rollout) { try await rollout($0) }
        routes.add(Self.plan) { try await plan($0) }
    }

    private static let bots = Operation(
        method: .get, path: "/api/v1/bots", summary: "Every bot with its versions and state, by name", needs: .read,
        query: Operation.paging + [
            .init(name: "state", about: "Only bots in this state."),
            .init(name: "selector", about: "Only bots with these labels: `team=orders,tier=1`."),
        ], answer: .page("BotStatus"))
    private static let bot = Operation(
        method: .get, path: "/api/v1/bots/{name}", summary: "One bot, by name or `PLATFORM/BOT/ENVIRONMENT`",
        needs: .read, answer: .json("BotStatus"), problems: [.notFound])
    private static let rolloutsOfBot = Operation(
        method: .get, path: "/api/v1/bots/{name}/rollouts", summary: "The rollouts of a bot, newest first",
        needs: .read, query: Operation.paging, answer: .page("Rollout"), problems: [.notFound])
    private static let rollouts = Operation(
        method: .get, path: "/api/v1/rollouts", summary: "The rollouts of all bots, newest first", needs: .read,
        query: Operation.paging, answer: .page("Rollout"))
    private static let rollout = Operation(
        method: .get, path: "/api/v1/rollouts/{id}",
        summary: "One rollout with its guards, requests, verification and records; by its id or the beginning of it",
        needs: .read, answer: .json("RolloutDetail"), problems: [.notFound, .conflict])
    private static let plan = Operation(
        method: .get, path: "/api/v1/plan", summary: "What a pass would do now, and which guards would stop it",
        needs: .read, query: [.init(name: "commit", about: "A commit or branch that is not merged yet.")],
        answer: .json("Plan"), problems: [.notFound, .tooManyRequests, .badGateway])

    private func bots(_ asked: Asked) async throws -> Response {
        let page = try asked.page()
        let selector = try Selector(labels: asked.labels())
        let state = try asked.state()
        let found = await desk.reconciler.look { engine -> [BotRecord] in
            let sorted = engine.bots.values.filter { bot in
                (state == nil || bot.condition.state == state) && selector.matches(bot)
            }.map { (BotCursor($0), $0) }.sorted { $0.0 < $1.0 }
            let rest = page.after.map { after in sorted.filter { $0.0 > BotCursor(text: after) } } ?? sorted
            return rest.prefix(page.limit + 1).map(\.1)
        }
        let shown = found.prefix(page.limit)
        let next = found.count > page.limit ? shown.last.map { BotCursor($0).text } : nil
        return try JSONText.response(PageShape(items: shown.map { BotStatusShape($0) }, next: next))
    }

    private func rollouts(of bot: BotKey?, _ asked: Asked) async throws -> Response {
        let found = try await desk.records.rollouts(of: bot, page: try asked.page())
        return try JSONText.response(PageShape(items: found.items.map { RolloutShape($0) }, next: found.next))
    }

    private func rollout(_ asked: Asked) async throws -> Response {
        let found = try await desk.records.rollouts(idPrefix: try asked.parameter("id").lowercased())
        guard let one = found.first else { throw HTTPProblem(.notFound, "no rollout has an id that begins so") }
        guard found.count == 1 else { throw HTTPProblem(.conflict, "several rollouts have an id that begins so") }
        return try JSONText.response(
            RolloutDetailShape(one, records: try await desk.records.records(ofRollout: one.id)))
    }

    private func plan(_ asked: Asked) async throws -> Response {
        let report: RunReport
        do { report = try await desk.works.plan(asked.query("commit")) } catch let failure as SourceFailure {
            throw HTTPProblem(failure.code == .notFound ? .notFound : .badGateway, failure.message)
        } catch is WorkRefused {
            throw HTTPProblem(.tooManyRequests, "a plan is being made already", headers: Desk.retryAfter)
        }
        return try JSONText.response(
            PlanShape(
                commit: report.commit, branch: report.branch, bots: report.bots, problems: report.problems,
                failure: report.failure, unreachablePlatforms: report.unreachablePlatforms))
    }
}

/// Where a page of bots ended: by name, then by triple, as no name or part of a triple holds a space.
private struct BotCursor: Comparable, Sendable {
    var name: String
    var key: String

    init(_ bot: BotRecord) { (name, key) = (bot.name, bot.key.description) }

    init(text: String) {
        let gap = text.firstIndex(of: " ") ?? text.endIndex
        (name, key) = (String(text[..<gap]), String(text[gap...].dropFirst()))
    }

    var text: String { "\(name) \(key)" }

    static func < (one: Self, other: Self) -> Bool { (one.name, one.key) < (other.name, other.key) }
}

extension Asked {
    fileprivate func labels() throws -> [String: String] {
        var labels: [String: String] = [:]
        for part in (query("selector") ?? "").split(separator: ",") {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2, !pair[0].isEmpty else {
                throw HTTPProblem(.badRequest, "`selector` is a list such as `team=orders,tier=1`")
            }
            labels[String(pair[0])] = String(pair[1])
        }
        return labels
    }

    fileprivate func state() throws -> BotCondition.State? {
        guard let text = query("state") else { return nil }
        guard let state = BotCondition.State(rawValue: text) else {
            throw HTTPProblem(
                .badRequest, "no bot can be in the state `\(UntrustedText.cleaned(text, maxCharacters: 40))`")
        }
        return state
    }
}

extension Desk {
    /// By name or `PLATFORM/BOT/ENVIRONMENT`; of several that had the name, the one that has a manifest.
    func find(_ name: String) async -> BotRecord? {
        await reconciler.look { engine in
            let found = engine.bots.values.filter { $0.name == name || $0.key.description == name }
            return found.first { $0.latest != nil } ?? found.first
        }
    }

    func requireBot(_ name: String) async throws -> BotRecord {
        guard let bot = await find(name) else { throw HTTPProblem(.notFound, "no bot is called that") }
        return bot
    }
}
