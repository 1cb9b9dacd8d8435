import Domain
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Reconciler

/// `POST /hooks/PROVIDER`.
struct HookRoutes: Sendable {
    let desk: Desk

    func add(to router: Router<ServerContext>) {
        for provider in ServerSettings.Provider.allCases {
            router.only(.post, "/hooks/\(provider.rawValue)") { request, context in
                try await take(request, context, provider)
            }
        }
    }

    private struct Said: Encodable {
        var id: String
        var queued: Bool
        var reason: String?
    }

    private func take(
        _ request: Request, _ context: ServerContext, _ provider: ServerSettings.Provider
    ) async throws -> Response {
        guard desk.intake.isConfigured(provider) else {
            throw HTTPProblem(.notFound, "hooks of \(provider.rawValue) are not configured")
        }
        try desk.requireOpen()
        let body: ByteBuffer
        do { body = try await request.whole(upTo: ServerLimits.maxHookBodyBytes) } catch {
            desk.metrics.count(hook: provider, "unread")
            throw error
        }
        let headers = request.headers.map { (name: $0.name.rawName, value: $0.value) }
        let answer = desk.intake.judge(
            HookIntake.Delivery(provider: provider, headers: headers, body: Data(body.readableBytesView)),
            nowSeconds: desk.clock.now().wall.milliseconds / 1000)
        desk.metrics.count(hook: provider, answer.result)
        switch answer {
        case .queued:
            desk.reconciler.requestLook(context.requestID)
            return try JSONText.response(Said(id: context.requestID, queued: true), status: .accepted)
        case .ignored(let reason):
            return try JSONText.response(Said(id: context.requestID, queued: false, reason: reason))
        case .badSignature: throw HTTPProblem(.unauthorized, "the signature is missing or wrong")
        case .badBody(let message): throw HTTPProblem(.badRequest, message)
        case .badType: throw HTTPProblem(.unsupportedMediaType, "send application/json")
        case .unusable(let message): throw HTTPProblem(.serviceUnavailable, message, headers: Desk.retryAfter)
        }
    }
}

extension Router {
    /// That method alone; every other one is 405 and says so.
    func only(
        _ method: HTTPRequest.Method, _ path: RouterPath,
        _ respond: @escaping @Sendable (Request, Context) async throws -> Response
    ) {
        on(path, method: method, use: respond)
        let others: [HTTPRequest.Method] = [.get, .post, .put, .patch, .delete].filter { $0 != method }
        for other in others {
            on(path, method: other) { _, _ -> Response in
                throw HTTPProblem(.methodNotAllowed, "only \(method) is answered here", headers: [.allow: "\(method)"])
            }
        }
    }
}
