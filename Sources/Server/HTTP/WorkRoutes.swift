import Domain
import HTTPTypes
import Hummingbird
import Logging
import Reconciler
import Wire

/// `POST /api/v1/…`: what a person may have done: a pass, a rollback's commit, deliveries again.
struct WorkRoutes: Sendable {
    let desk: Desk

    func add(to routes: Routes) {
        routes.add(Self.reconcile) { try await reconcile($0) }
        routes.add(Self.reconcileBot) { asked in
            try await reconcile(asked) { _ = try await desk.requireBot(try asked.parameter("name")) }
        }
        routes.add(Self.rollback) { try await rollback($0) }
        routes.add(Self.redeliver) { try await redeliver($0) }
        routes.add(Self.redeliverToSink) { try await redeliverToSink($0) }
    }

    private static let optionalReason = Operation.Field(name: "reason", about: "for the log")
    private static let reconcile = Operation(
        method: .post, path: "/api/v1/reconcile",
        summary: "Asks for a pass; `GET /api/v1/events?request=ID` lists what it leads to", needs: .operate,
        body: [optionalReason], isBodyOptional: true, status: .accepted, answer: .json("Queued"))
    private static let reconcileBot = Operation(
        method: .post, path: "/api/v1/bots/{name}/reconcile",
        summary: "Asks for a pass on behalf of a bot; a pass observes all", needs: .operate, body: [optionalReason],
        isBodyOptional: true, status: .accepted, answer: .json("Queued"), problems: [.notFound])
    private static let rollback = Operation(
        method: .post, path: "/api/v1/bots/{name}/rollback",
        summary: "Makes the git commit that takes a bot back, with the token's name as its author, and asks for a pass",
        needs: .operate,
        body: [
            DecisionRoutes.reason,
            .init(name: "to", about: "the version; the one before the last change of the manifest without it"),
            .init(
                name: "withoutGit",
                about:
                    "for when the forge is down: no commit, a version that was verified here, until a commit changes this bot",
                schema: #"{"type": "boolean"}"#),
        ], answer: .json("RolledBack"), problems: [.notFound, .conflict, .badGateway])
    private static let redeliver = Operation(
        method: .post, path: "/api/v1/notifications/{id}/redeliver",
        summary: "Sends an event again to the sinks that were sent it: the same id, body and sequence", needs: .operate,
        body: [DecisionRoutes.reason], answer: .json("Decided"), problems: [.notFound])
    private static let redeliverToSink = Operation(
        method: .post, path: "/api/v1/sinks/{name}/redeliver", summary: "Sends a sink's events again", needs: .operate,
        body: [
            DecisionRoutes.reason,
            .init(name: "since", about: "a duration such as `2h`, or a time", isRequired: true),
        ], answer: .json("Decided"), problems: [.notFound])

    private func reconcile(_ asked: Asked, _ check: () async throws -> Void = {}) async throws -> Response {
        try desk.requireOpen()
        _ = try await asked.request.withBody(upTo: ServerLimits.maxAPIBodyBytes, desk.bodies) { bytes in
            guard bytes.readableBytes > 0 else { return }
            try asked.request.requireJSON()
            _ = try DecisionBody(bytes, known: [Self.optionalReason])
        }
        try await check()
        desk.ask(for: .pass, asked)
        return try JSONText.response(QueuedShape(id: asked.id, queued: true), status: .accepted)
    }

    private func rollback(_ asked: Asked) async throws -> Response {
        let body = try await desk.body(of: asked, Self.rollback.body ?? [])
        let name = try asked.parameter("name")
        let version = try body.version()
        if try body.flag("withoutGit") {
            return try await desk.carryOut(
                .rollbackWithoutGit(bot: name, version: version), reason: try body.requiredReason(), asked)
        }
        let reason = try body.reason()
        let bot = try await desk.requireBot(name)
        let outcome: RollbackOutcome
        do {
            outcome = try await desk.works.rollback(
                DeskWorks.Rollback(
                    name: bot.name, version: version, by: asked.caller?.name ?? "",
                    reason: reason.isEmpty ? nil : reason))
        } catch let failure as SourceFailure {
            throw HTTPProblem(Self.status(of: failure), failure.message)
        }
        if case .pushed = outcome { desk.ask(for: .pass, asked) }
        let watched = await desk.reconciler.look { $0.settings.source.branch }
        return try JSONText.response(RollbackShape(id: asked.id, outcome, watched: watched))
    }

    private static func status(of failure: SourceFailure) -> HTTPResponse.Status {
        switch failure.code {
        case .notFound: .notFound
        case .refused, .tooLarge: .conflict
        case .local, .misconfigured, .damaged: .internalServerError
        case .unreachable, .timedOut, .authentication, .noSuchRepository, .noSuchBranch, .emptyRepository,
            .protocolError:
            .badGateway
        }
    }

    private func redeliver(_ asked: Asked) async throws -> Response {
        let body = try await desk.body(of: asked, Self.redeliver.body ?? [])
        let found = try await desk.records.deliveries(ofEvent: try asked.parameter("id"))
        guard !found.isEmpty else { throw HTTPProblem(.notFound, "no sink was sent an event of that id") }
        return try await desk.carryOut(.redeliver(found), reason: try body.reason(), asked)
    }

    private func redeliverToSink(_ asked: Asked) async throws -> Response {
        let body = try await desk.body(of: asked, Self.redeliverToSink.body ?? [])
        let name = try asked.parameter("name")
        let since = try body.since(desk.clock.now().wall)
        guard await desk.reconciler.look({ engine in engine.settings.sinks.contains { $0.name == name } }) else {
            throw HTTPProblem(.notFound, "no sink is called that")
        }
        let (found, rest) = try await desk.records.redeliveries(
            to: name, since: since, limit: ServerLimits.maxRedeliveries)
        guard !found.isEmpty else {
            return try JSONText.response(
                DecidedShape(id: asked.id, message: "sink \(name) was sent nothing since then", changed: false))
        }
        return try await desk.carryOut(.redeliver(found, rest: rest), reason: try body.reason(), asked)
    }
}

extension Desk {
    /// Asks the reconciler on behalf of a request; the log connects the caller's trace with it.
    func ask(for kind: LookRhythm.Kind, _ asked: Asked) {
        if logger.logLevel <= .debug {
            var metadata: Logger.Metadata = ["request": "\(asked.id)", "kind": "\(kind)"]
            if let caller = asked.caller { metadata["by"] = "\(caller.name)" }
            if let trace = TraceParent(asked.request.headers) { metadata["trace_id"] = "\(trace.traceID)" }
            logger.debug("look asked for", metadata: metadata)
        }
        reconciler.requestLook(asked.id, kind: kind)
    }
}
