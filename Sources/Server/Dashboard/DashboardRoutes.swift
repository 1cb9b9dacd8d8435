import Dashboard
import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Logging

/// `GET /` and what hangs on it: pages for people, rendered here and whole without scripts.
struct DashboardRoutes: Sendable {
    let desk: Desk
    let authorization: Authorization
    let gathering: Gathering
    private let pages: Pages

    private init(_ desk: Desk, _ records: any DashboardRecords, _ authorization: Authorization) throws {
        self.desk = desk
        self.authorization = authorization
        gathering = Gathering(desk: desk, dashboard: records)
        pages = try Pages()
    }

    /// A template with a mistake in it must not take hooks and API down.
    static func add(to router: Router<ServerContext>, _ desk: Desk, _ authorization: Authorization) {
        guard let records = desk.dashboard else { return }
        do {
            try DashboardRoutes(desk, records, authorization).add(to: router)
        } catch {
            desk.logger.error("there is no dashboard", metadata: ["cause": "\(error)"])
        }
    }

    /// What one page needs to be answered.
    private struct Answer: Sendable {
        var content: Pages.Content
        var title: String
        var section: Chrome.Section?
        var isBusy = false
    }

    private func add(to router: Router<ServerContext>) {
        page("/", router) { asked in
            let snapshot = try await gathering.fleet()
            let view = FleetView(snapshot, query: FleetQuery { asked.query($0) })
            return Answer(content: .fleet(view), title: view.headline, section: .fleet, isBusy: snapshot.openCount > 0)
        }
        page("/bots/:name", router) { try await bot(named: try $0.parameter("name")) }
        // The router knows one name for one place of a path: here it is the platform's.
        page("/bots/:name/:bot/:environment", router) { asked in
            let key = BotKey(
                platform: try asked.parameter("name"), botId: try asked.parameter("bot"),
                environment: try asked.parameter("environment"))
            return try await bot(named: key.description)
        }
        page("/rollouts", router) { asked in
            let view = try await gathering.rollouts(after: asked.query("after"))
            return Answer(content: .rollouts(view), title: "Rollouts", section: .rollouts)
        }
        page("/rollouts/:id", router) { asked in
            let (rollout, view) = try await gathering.rollout(id: try asked.parameter("id"))
            return Answer(
                content: .rollout(view), title: "Rollout of \(rollout.name)", section: .rollouts,
                isBusy: !rollout.hasEnded)
        }
        page("/delivery", router) { asked in
            let view = try await gathering.delivery(by: asked.query("by"), days: asked.query("days"))
            return Answer(content: .delivery(view), title: "Delivery", section: .delivery)
        }
        page("/outbox", router) { asked in
            let status = asked.query("status").flatMap(DeliveryState.Status.init(rawValue:))
            let view = try await gathering.outbox(status, after: asked.query("after"))
            return Answer(content: .outbox(view), title: "Outbox", section: .outbox)
        }
        page("/audit", router) { asked in
            let view = try await gathering.audit(bot: asked.query("bot") ?? "", after: asked.query("after"))
            return Answer(content: .audit(view), title: "Audit", section: .audit)
        }
        for asset in Assets.all {
            router.looked(RouterPath(asset.path)) { _, _ in PageResponse.make(asset) }
        }
        SignInRoutes(desk: desk, authorization: authorization, show: show).add(to: router)
    }

    private func bot(named name: String) async throws -> Answer {
        let snapshot = try await gathering.bot(named: name)
        let view = BotView(snapshot)
        let isBusy = snapshot.rollouts.first.map { !$0.hasEnded } ?? false
        return Answer(content: .bot(view), title: view.name, section: .fleet, isBusy: isBusy)
    }

    private func page(
        _ path: RouterPath, _ router: Router<ServerContext>,
        _ respond: @escaping @Sendable (Asked) async throws -> Answer
    ) {
        router.looked(path) { request, context in
            let who: String?
            do {
                let caller = try authorization.caller(of: request, needs: .read)
                who = authorization.settings.tokens.isEmpty ? nil : caller.name
            } catch let problem as HTTPProblem where problem.status == .unauthorized {
                return show(.signIn(SignInView(next: "\(request.uri)")), "Sign in", problem.status, problem.headers)
            } catch let problem as HTTPProblem {
                return fault(problem, context)
            }
            let known = request.headers[.ifNoneMatch]
            do {
                let answer = try await respond(Asked(request: request, context: context, caller: nil))
                let chrome = Chrome(
                    title: answer.title, section: answer.section, who: who, now: desk.clock.now().wall,
                    isBusy: answer.isBusy)
                return PageResponse.make(pages.page(answer.content, chrome), known: known)
            } catch let problem as HTTPProblem {
                return fault(problem, context)
            } catch is BadCursor {
                return fault(HTTPProblem(.badRequest, "There is no such page of this list."), context)
            }
        }
    }

    private func fault(_ problem: HTTPProblem, _ context: ServerContext) -> Response {
        let title = problem.status == .notFound ? "Not found" : "Not to be shown"
        let view = FaultView(title: title, detail: problem.detail, requestId: context.requestID)
        return show(.fault(view), title, problem.status, problem.headers)
    }

    /// A page without navigation.
    @Sendable private func show(
        _ content: Pages.Content, _ title: String, _ status: HTTPResponse.Status, _ more: HTTPFields
    ) -> Response {
        let chrome = Chrome(title: title, section: nil, who: nil, now: desk.clock.now().wall, hasNavigation: false)
        var response = PageResponse.make(pages.page(content, chrome), status: status)
        for field in more { response.headers[field.name] = field.value }
        return response
    }
}

extension Router where Context == ServerContext {
    /// To be looked at alone; every other method is 405 and says so.
    func looked(_ path: RouterPath, _ respond: @escaping @Sendable (Request, Context) async throws -> Response) {
        on(path, method: .get, use: respond)
        for method in [HTTPRequest.Method.post, .put, .patch, .delete] {
            on(path, method: method) { _, _ -> Response in
                throw HTTPProblem(.methodNotAllowed, "only GET is answered here", headers: [.allow: "GET, HEAD"])
            }
        }
    }
}
