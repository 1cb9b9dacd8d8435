import Audit
import Domain
import Live
import Store

/// Takes the state for one process; who comes second is told who has it, and how to be served all the same.
enum OwnedState {
    static let serveVerb = "serve"
    static let rebuildVerb = "audit rebuild"

    static func open(
        _ configuration: Configuration, verb: String, signer: AuditSigner?
    ) async throws -> SQLiteStore {
        do {
            return try await SQLiteStore.open(
                path: configuration.state, verb: verb, signer: signer, newID: SystemRandom.id)
        } catch let error as StoreError {
            guard case .inUse(_, serveVerb) = error.code else { throw error }
            throw CommandFailure(
                .unusable, error.message,
                remedy: remedy(verb, configuration))
        }
    }

    private static func remedy(_ verb: String, _ configuration: Configuration) -> String {
        switch verb {
        case serveVerb: "One server has a state; end that one, or give this one a `state` of its own."
        case rebuildVerb: "Stop that server, run this again, then start it."
        default: "Ask that server instead: add `--server \(address(configuration.server))`."
        }
    }

    /// Where the server can be asked from this machine, as far as the configuration tells.
    private static func address(_ server: ServerSettings) -> String {
        guard server.port != 0 else { return "URL" }
        let isEverywhere = ["0.0.0.0", "::", "[::]"].contains(server.host)
        let host = isEverywhere ? "127.0.0.1" : server.host
        return "http://" + (host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host) + ":\(server.port)"
    }
}
