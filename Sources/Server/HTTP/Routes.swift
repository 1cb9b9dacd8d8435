import Domain
import Foundation
import HTTPTypes
import Hummingbird

/// Where operations are added: each is authorized before anything is looked up, and stands in the document.
struct Routes {
    let router: Router<ServerContext>
    let authorization: Authorization
    let book: OperationBook

    func add(_ operation: Operation, _ respond: @escaping @Sendable (Asked) async throws -> Response) {
        book.add(operation)
        let authorization = authorization
        router.on(RouterPath(operation.path), method: operation.method) { request, context -> Response in
            var asked = Asked(request: request, context: context, caller: nil)
            if let role = operation.needs {
                asked.caller = try authorization.caller(of: request, needs: role)
                try asked.refuseUnknownParameters(besides: operation.query.map(\.name))
            }
            do { return try await respond(asked) } catch is BadCursor {
                throw HTTPProblem(.badRequest, "`after` is no cursor of this list")
            }
        }
    }
}

/// A request with what is known of it, so that handlers are short.
struct Asked: Sendable {
    let request: Request
    let context: ServerContext
    /// nil: the operation needs no token.
    var caller: Authorization.Caller?

    var id: String { context.requestID }

    func parameter(_ name: String) throws -> String {
        let raw = try context.parameters.require(name)
        guard let text = raw.removingPercentEncoding, !text.isEmpty else {
            throw HTTPProblem(.badRequest, "`\(name)` is not percent-encoded UTF-8")
        }
        return text
    }

    func query(_ name: String) -> String? { request.uri.queryParameters[name[...]].map(String.init) }

    func refuseUnknownParameters(besides known: [String]) throws {
        for name in request.uri.queryParameters.map({ String($0.key) }) where !known.contains(name) {
            throw HTTPProblem(.badRequest, "unknown parameter `\(UntrustedText.cleaned(name, maxCharacters: 40))`")
        }
    }

    func page() throws -> PageRequest {
        guard let text = query("limit") else {
            return PageRequest(limit: ServerLimits.pageItems, after: query("after"))
        }
        guard let limit = Int(text), (1...ServerLimits.maxPageItems).contains(limit) else {
            throw HTTPProblem(.badRequest, "`limit` is between 1 and \(ServerLimits.maxPageItems)")
        }
        return PageRequest(limit: limit, after: query("after"))
    }
}
