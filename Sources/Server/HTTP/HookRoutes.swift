import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Wire

/// `POST /hooks/PROVIDER`.
struct HookRoutes: Sendable {
    let desk: Desk

    func add(to routes: Routes) {
        for provider in ServerSettings.Provider.allCases {
            let operation = Operation(
                method: .post, path: "/hooks/\(provider.rawValue)",
                summary: "Takes a push webhook of \(provider.rawValue); signed as the provider signs", needs: nil,
                status: .accepted, answer: .json("Queued"),
                problems: [.ok, .unauthorized, .notFound, .contentTooLarge, .unsupportedMediaType, .serviceUnavailable])
            routes.add(operation) { try await take($0, provider) }
        }
    }

    private func take(_ asked: Asked, _ provider: ServerSettings.Provider) async throws -> Response {
        guard desk.intake.isConfigured(provider) else {
            throw HTTPProblem(.notFound, "hooks of \(provider.rawValue) are not configured")
        }
        try desk.requireOpen()
        let answer: HookIntake.Answer
        do { answer = try await judge(asked.request, provider) } catch {
            desk.metrics.count(hook: provider, "unread")
            throw error
        }
        desk.metrics.count(hook: provider, answer.result)
        switch answer {
        case .queued:
            desk.ask(for: .look, asked)
            return try JSONText.response(QueuedShape(id: asked.id, queued: true), status: .accepted)
        case .ignored(let reason):
            return try JSONText.response(QueuedShape(id: asked.id, queued: false, reason: reason))
        case .badSignature:
            throw HTTPProblem(.unauthorized, "the signature is missing or wrong", headers: signIn(provider))
        case .badBody(let message): throw HTTPProblem(.badRequest, message)
        case .badType: throw HTTPProblem(.unsupportedMediaType, "send application/json")
        case .unusable(let message):
            desk.logger.error(
                "hook cannot be verified", metadata: ["provider": "\(provider.rawValue)", "cause": "\(message)"])
            throw HTTPProblem(
                .serviceUnavailable, "the secret of this hook cannot be read; the log says why",
                headers: Desk.retryAfter)
        }
    }

    private func judge(_ request: Request, _ provider: ServerSettings.Provider) async throws -> HookIntake.Answer {
        try await request.withBody(upTo: ServerLimits.maxHookBodyBytes, desk.bodies) { body in
            let headers = request.headers.map { (name: $0.name.rawName, value: $0.value) }
            return desk.intake.judge(
                HookIntake.Delivery(provider: provider, headers: headers, body: Data(body.readableBytesView)),
                nowSeconds: desk.clock.now().wall.milliseconds / 1000)
        }
    }

    /// RFC 9110: 401 says how.
    private func signIn(_ provider: ServerSettings.Provider) -> HTTPFields {
        provider == .azure ? [.wwwAuthenticate: "Basic realm=\"ballast\""] : [.wwwAuthenticate: "Signature"]
    }
}
