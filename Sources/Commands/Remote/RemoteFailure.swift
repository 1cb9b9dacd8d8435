import Domain
import Exchange
import Foundation
import Wire

/// Why a server did not do what it was asked, by what that means to the person at the command line.
struct RemoteFailure: Error, Sendable {
    /// nil: no answer came.
    var status: Int?
    var failure: CommandFailure
    /// The server may be back in a moment.
    var isPassing = false

    static func notReached(_ server: RemoteServer, _ cause: TransportFailure, isChange: Bool) -> RemoteFailure {
        let isOpen = isChange && !cause.isSurelyNotSent
        let remedy =
            isOpen
            ? "Whether it was done is not known: look with `ballast audit show --last 5 --server …`."
            : "Check the address, and that `ballast serve` runs there."
        return RemoteFailure(
            status: nil,
            failure: CommandFailure(
                .unusable, "the server \(server.address.shown) is not reached: \(cause.message)", remedy: remedy),
            isPassing: true)
    }

    /// Of the problem document, or of the bare status where something else answers at that address.
    static func refused(_ server: RemoteServer, _ answer: HTTPAnswer) -> RemoteFailure {
        let shown = server.address.shown
        guard answer.isJSON, let problem = try? ForeignJSON.decode(ProblemShape.self, from: answer.body) else {
            return RemoteFailure(
                status: answer.status,
                failure: CommandFailure(
                    .unusable, "the server \(shown) answered \(answer.status) and no reason", remedy: notBallast),
                isPassing: answer.status >= 500)
        }
        let detail = UntrustedText.cleaned(problem.detail.isEmpty ? problem.title : problem.detail)
        var failure: CommandFailure
        switch answer.status {
        case 401:
            failure =
                if let path = server.tokenPath {
                    CommandFailure(
                        .unusable, "the server \(shown) refused the token",
                        remedy: "The token in \(path) is none of its `server.tokens`.")
                } else {
                    CommandFailure(
                        .unusable, "the server \(shown) needs a token",
                        remedy: "Give one with --token-file FILE or \(PlaceOptions.tokenVariable).")
                }
        case 403:
            failure = CommandFailure(
                .unusable, "the server \(shown) refused the token: \(detail)",
                remedy: "Use a token of `server.tokens` whose role suffices: read, operate or admin.")
        case 400, 404, 409, 422: failure = CommandFailure(.usage, detail)
        default: failure = CommandFailure(.unusable, "the server \(shown) answered \(answer.status): \(detail)")
        }
        if answer.status >= 500 { failure.remedy = "Its log has this as \(problem.requestId)." }
        return RemoteFailure(status: answer.status, failure: failure, isPassing: answer.status >= 500)
    }

    static func notUnderstood(_ server: RemoteServer, _ path: [String]) -> RemoteFailure {
        RemoteFailure(
            status: nil,
            failure: CommandFailure(
                .unusable,
                "what the server \(server.address.shown) answered to /api/v1/\(path.joined(separator: "/")) is not understood",
                remedy: notBallast))
    }

    private static let notBallast = "Check that the address is that of a `ballast serve`, of the same version."
}
