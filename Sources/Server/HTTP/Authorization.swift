import Domain
import HTTPTypes
import Hummingbird

/// Who asks. With tokens configured everything but hooks and health needs one; without, a loopback host may look.
struct Authorization: Sendable {
    let settings: ServerSettings
    let secrets: any Secrets
    /// Browsers that signed in may look; nil: there are none.
    var browsers: BrowserDoor?

    struct Caller: Hashable, Sendable {
        var name: String
        var role: ServerSettings.Role
    }

    /// - Throws: 401 without a valid token; 403 where its role does not suffice; without tokens 403 for every write, and
    ///   for whatever was asked of a host that is not loopback.
    func caller(of request: Request, needs role: ServerSettings.Role) throws -> Caller {
        guard !settings.tokens.isEmpty else {
            guard role == .read else {
                throw HTTPProblem(.forbidden, "without `server.tokens` nothing is decided over HTTP")
            }
            guard LoopbackName.isNamed(by: request.head.authority ?? "localhost") else {
                throw HTTPProblem(
                    .forbidden, "without `server.tokens` only a loopback name, such as localhost, is answered")
            }
            return Caller(name: "anonymous", role: .read)
        }
        guard let caller = holder(of: presented(request)) ?? signedIn(request, for: role) else {
            throw HTTPProblem(
                .unauthorized, "a token is needed: `Authorization: Bearer …`",
                headers: [.wwwAuthenticate: "Bearer realm=\"ballast\""])
        }
        guard caller.role >= role else {
            throw HTTPProblem(
                .forbidden, "token \(caller.name) has role \(caller.role.rawValue); this needs \(role.rawValue)")
        }
        return caller
    }

    private func presented(_ request: Request) -> String? {
        guard let value = request.headers[.authorization], value.lowercased().hasPrefix("bearer ") else { return nil }
        return String(value.dropFirst(7))
    }

    /// Every token is compared, so that the time does not tell which one is nearly right.
    func holder(of presented: String?) -> Caller? {
        guard let presented, !presented.isEmpty else { return nil }
        var found: Caller?
        for token in settings.tokens {
            let known = token.secrets.compactMap { try? secrets.read($0).reveal() }.filter { !$0.isEmpty }
            if HookSignature.isEqual(presented, oneOf: known), found == nil {
                found = Caller(name: token.name, role: token.role)
            }
        }
        return found
    }
}
