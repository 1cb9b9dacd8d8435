import Domain
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Reconciler

/// `POST /api/v1/…`: what a person may ask, audited with the token's name.
struct DecisionRoutes: Sendable {
    let desk: Desk
    let authorization: Authorization

    func add(to router: Router<ServerContext>) {
        look("/api/v1/reconcile", router) { _ in }
        look("/api/v1/bots/:name/reconcile", router) { context in
            guard await desk.find(try context.parameters.require("name")) != nil else {
                throw HTTPProblem(.notFound, "no bot is called that")
            }
        }
        for (path, target) in Self.targets {
            decide("\(path)/suspend", router, ["reason", "for"]) { body, context in
                .suspend(try target(context), for: try body.span())
            }
            decide("\(path)/resume", router, ["reason"]) { _, context in .resume(try target(context)) }
        }
        for subject in ["bots", "platforms"] {
            decide("/api/v1/\(subject)/:name/release", router, ["reason"]) { _, context in
                .release(try context.parameters.require("name"))
            }
        }
        decide("/api/v1/bots/:name/waive", router, ["reason", "guard"]) { body, context in
            .waive(bot: try context.parameters.require("name"), try body.waived())
        }
        decide("/api/v1/commits/:sha/approve", router, ["reason"], needs: .admin) { _, context in
            .approve(commit: try context.parameters.require("sha"))
        }
        decide("/api/v1/platforms/:name/approve", router, ["reason"]) { _, context in
            .approveDrift(platform: try context.parameters.require("name"))
        }
        decide("/api/v1/sinks/:name/enable", router, ["reason"]) { _, context in
            .enableSink(try context.parameters.require("name"))
        }
    }

    private static let targets: [(String, @Sendable (ServerContext) throws -> Decision.SuspensionTarget)] = [
        ("/api/v1", { _ in .all }),
        ("/api/v1/bots/:name", { .named(try $0.parameters.require("name")) }),
        ("/api/v1/platforms/:name", { .named(try $0.parameters.require("name")) }),
    ]

    private struct Asked: Encodable {
        var id: String
        var queued: Bool
    }

    private struct Said: Encodable {
        var id: String
        var message: String
        var changed: Bool
    }

    private func look(
        _ path: String, _ router: Router<ServerContext>,
        _ check: @escaping @Sendable (ServerContext) async throws -> Void
    ) {
        router.only(.post, RouterPath(path)) { request, context in
            _ = try authorization.caller(of: request, needs: .operate)
            try desk.requireOpen()
            try await check(context)
            desk.reconciler.requestLook(context.requestID, kind: .pass)
            return try JSONText.response(Asked(id: context.requestID, queued: true), status: .accepted)
        }
    }

    private func decide(
        _ path: String, _ router: Router<ServerContext>, _ fields: Set<String>,
        needs role: ServerSettings.Role = .operate,
        _ kind: @escaping @Sendable (DecisionBody, ServerContext) throws -> Decision.Kind
    ) {
        router.only(.post, RouterPath(path)) { request, context in
            let caller = try authorization.caller(of: request, needs: role)
            try desk.requireOpen()
            let bytes = try await request.whole(upTo: ServerLimits.maxAPIBodyBytes)
            let body = try DecisionBody(bytes, fields: fields)
            let decision = Decision(try kind(body, context), by: caller.name, reason: try body.requiredReason())
            do {
                let said = try await desk.reconciler.decide(decision)
                return try JSONText.response(Said(id: context.requestID, message: said, changed: true))
            } catch let error as DecisionError {
                switch error.code {
                case .unknown: throw HTTPProblem(.notFound, error.message)
                case .notAllowed: throw HTTPProblem(.conflict, error.message)
                case .nothingToDo:
                    return try JSONText.response(Said(id: context.requestID, message: error.message, changed: false))
                }
            }
        }
    }
}

/// The JSON object of a decision: texts alone, and only the fields that it has.
struct DecisionBody: Sendable {
    private let fields: [String: String]

    init(_ bytes: ByteBuffer, fields known: Set<String>) throws {
        do { fields = try JSONDecoder().decode([String: String].self, from: Data(bytes.readableBytesView)) } catch {
            throw HTTPProblem(.badRequest, "expected a JSON object of texts, such as {\"reason\": \"…\"}")
        }
        if let name = fields.keys.sorted().first(where: { !known.contains($0) }) {
            let list = known.sorted().joined(separator: ", ")
            throw HTTPProblem(
                .badRequest, "unknown field `\(UntrustedText.cleaned(name, maxCharacters: 40))`; known: \(list)")
        }
    }

    func requiredReason() throws -> String {
        let reason = UntrustedText.cleaned(fields["reason"] ?? "", maxCharacters: ServerLimits.maxReasonCharacters)
        guard !reason.allSatisfy(\.isWhitespace) else {
            throw HTTPProblem(.badRequest, "`reason` is missing: it stands in the audit record")
        }
        return reason
    }

    func span() throws -> Span? {
        guard let text = fields["for"] else { return nil }
        guard let span = Span(text: text), span.milliseconds > 0 else {
            throw HTTPProblem(.badRequest, "`for` is no duration such as `2h`")
        }
        return span
    }

    func waived() throws -> Guard {
        guard let text = fields["guard"], let found = Guard(rawValue: text), Guard.waivable.contains(found) else {
            let list = Guard.waivable.sorted().map(\.rawValue).joined(separator: ", ")
            throw HTTPProblem(.badRequest, "`guard` is one of \(list)")
        }
        return found
    }
}
