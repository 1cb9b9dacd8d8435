import Domain
import HTTPTypes
import Hummingbird
import Logging
import NIOHTTP1

/// Every answer has a request id and is told to no other site; every failure is a problem document.
struct EnvelopeMiddleware: RouterMiddleware {
    let book: OperationBook
    let authorization: Authorization
    let logger: Logger

    func handle(
        _ request: Request, context: ServerContext,
        next: @concurrent (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        let begun = ContinuousClock.now
        var response: Response
        do {
            response = try await next(request, context)
        } catch let problem as HTTPProblem {
            response = try problem.response(requestID: context.requestID)
        } catch let error as HTTPError {
            response = try problem(error, request, context).response(requestID: context.requestID)
        } catch let error as HTTPParserError {
            // The connection's guard knows why, and answers.
            throw error
        } catch {
            logger.error(
                "request failed",
                metadata: ["request": "\(context.requestID)", "path": "\(path(request))", "cause": "\(error)"])
            response = try HTTPProblem(.internalServerError, "the server failed; its log says more")
                .response(requestID: context.requestID)
        }
        response.headers[.requestID] = context.requestID
        response.headers[.xContentTypeOptions] = "nosniff"
        response.headers[.referrerPolicy] = "no-referrer"
        log(request, context, response, ContinuousClock.now - begun)
        return request.method == .head ? response.createHeadResponse() : response
    }

    private func problem(_ error: HTTPError, _ request: Request, _ context: ServerContext) -> HTTPProblem {
        guard error.status == .notFound, context.coreContext.endpointPath.value == "NotFound" else {
            return HTTPProblem(error.status, error.body ?? "")
        }
        if request.uri.path.hasPrefix("/api/") {
            do { _ = try authorization.caller(of: request, needs: .read) } catch let problem as HTTPProblem {
                return problem
            } catch {
                return HTTPProblem(.internalServerError, "the server failed")
            }
        }
        let methods = book.methods(at: request.uri.path)
        guard !methods.isEmpty else { return HTTPProblem(.notFound, "there is nothing at this path") }
        let list = methods.joined(separator: ", ")
        return HTTPProblem(.methodNotAllowed, "only \(list) is answered here", headers: [.allow: list])
    }

    private func log(_ request: Request, _ context: ServerContext, _ response: Response, _ duration: Duration) {
        let isWrite = request.method != .get && request.method != .head && request.uri.path.hasPrefix("/api/")
        let level: Logger.Level = isWrite ? .info : .debug
        guard logger.logLevel <= level else { return }
        var metadata: Logger.Metadata = [
            "request": "\(context.requestID)", "method": "\(request.method.rawValue)", "path": "\(path(request))",
            "status": "\(response.status.code)", "seconds": "\(duration / .seconds(1))",
        ]
        if let trace = TraceParent(request.headers) { metadata["trace_id"] = "\(trace.traceID)" }
        logger.log(level: level, "request", metadata: metadata)
    }

    /// Without the query, which may hold what does not belong into a log.
    private func path(_ request: Request) -> String { UntrustedText.cleaned(request.uri.path, maxCharacters: 200) }
}
