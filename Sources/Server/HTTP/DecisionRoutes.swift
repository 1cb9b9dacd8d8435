import Domain
import HTTPTypes
import Hummingbird
import Reconciler
import Wire

/// `POST /api/v1/…`: what a person may decide, audited with the token's name.
struct DecisionRoutes: Sendable {
    let desk: Desk

    func add(to routes: Routes) {
        for (path, what, target) in Self.targets {
            decide(routes, "\(path)/suspend", "Leaves \(what) alone, for a time or until resumed", [Self.span]) {
                asked, body in
                _ = try body.requiredReason()
                return .suspend(try target(asked), for: try body.span())
            }
            decide(routes, "\(path)/resume", "Ends the suspension of \(what)") { asked, _ in .resume(try target(asked))
            }
        }
        decide(routes, "/api/v1/bots/{name}/release", "Ends what holds a bot: quarantine, contest, an outcome") {
            asked, _ in .release(try asked.parameter("name"))
        }
        decide(routes, "/api/v1/platforms/{name}/release", "Ends the halt of a platform") { asked, _ in
            .release(try asked.parameter("name"))
        }
        decide(routes, "/api/v1/bots/{name}/waive", "Lets one rollout pass a guard", [Self.guardName]) { asked, body in
            _ = try body.requiredReason()
            return .waive(bot: try asked.parameter("name"), try body.waived())
        }
        decide(routes, "/api/v1/commits/{sha}/approve", Self.approval) { asked, _ in
            .approve(commit: try asked.parameter("sha"))
        }
        decide(routes, "/api/v1/platforms/{name}/approve", "Lets a drift on many bots be undone") { asked, _ in
            .approveDrift(platform: try asked.parameter("name"))
        }
        decide(routes, "/api/v1/sinks/{name}/enable", "Sends to a sink again that answered 410") { asked, _ in
            .enableSink(try asked.parameter("name"))
        }
    }

    private static let approval = """
        Accepts a head that is held: for the number of its bots with role operate, for a signature or a rewrite, or before \
        it was read, with role admin
        """

    static let reason = Operation.Field(name: "reason", about: "it stands in the audit record", isRequired: true)
    private static let span = Operation.Field(name: "for", about: "a duration such as `2h`")
    private static let guardName = Operation.Field(name: "guard", about: "which guard", isRequired: true)

    private static let targets: [(String, String, @Sendable (Asked) throws -> Decision.SuspensionTarget)] = [
        ("/api/v1", "all bots", { _ in .all }),
        ("/api/v1/bots/{name}", "a bot", { .named(try $0.parameter("name")) }),
        ("/api/v1/platforms/{name}", "a platform's bots", { .named(try $0.parameter("name")) }),
    ]

    private func decide(
        _ routes: Routes, _ path: String, _ summary: String, _ fields: [Operation.Field] = [],
        _ kind: @escaping @Sendable (Asked, DecisionBody) throws -> Decision.Kind
    ) {
        let fields = [Self.reason] + fields
        let operation = Operation(
            method: .post, path: path, summary: summary, needs: .operate, body: fields, answer: .json("Decided"),
            problems: [.notFound, .conflict])
        routes.add(operation) { asked in
            let body = try await desk.body(of: asked, fields)
            return try await desk.carryOut(try kind(asked, body), reason: try body.reason(), asked)
        }
    }
}

extension Desk {
    func body(of asked: Asked, _ fields: [Operation.Field]) async throws -> DecisionBody {
        try requireOpen()
        try asked.request.requireJSON()
        return try await asked.request.withBody(upTo: ServerLimits.maxAPIBodyBytes, bodies) { bytes in
            try DecisionBody(bytes, known: fields)
        }
    }

    /// Stores a decision of the caller and says what came of it.
    func carryOut(_ kind: Decision.Kind, reason: String, _ asked: Asked) async throws -> Response {
        guard let caller = asked.caller else { throw HTTPProblem(.forbidden, "nobody asks") }
        let decision = Decision(kind, by: caller.name, reason: reason, mayOverrideTrust: caller.role >= .admin)
        do {
            let said = try await reconciler.decide(decision)
            return try JSONText.response(DecidedShape(id: asked.id, message: said, changed: true))
        } catch let error as DecisionError {
            switch error.code {
            case .unknown: throw HTTPProblem(.notFound, error.message)
            case .notAllowed: throw HTTPProblem(.conflict, error.message)
            case .forbidden: throw HTTPProblem(.forbidden, error.message)
            case .closing: throw HTTPProblem(.serviceUnavailable, error.message, headers: Self.retryAfter)
            case .nothingToDo:
                return try JSONText.response(DecidedShape(id: asked.id, message: error.message, changed: false))
            }
        }
    }
}
