import Dashboard
import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Logging

/// The door: a form of one labelled field, and the way out.
struct SignInRoutes: Sendable {
    let desk: Desk
    let authorization: Authorization
    let show: @Sendable (Pages.Content, String, HTTPResponse.Status, HTTPFields) -> Response

    static let maxBodyBytes = 16 << 10

    func add(to router: Router<ServerContext>) {
        router.get("/sign-in") { request, _ in
            if authorization.settings.tokens.isEmpty || authorization.signedIn(request, for: .read) != nil {
                return redirect(to: Link.fleet)
            }
            return form(.ok, next: Link.fleet)
        }
        router.post("/sign-in") { try await signIn($0, $1) }
        router.post("/sign-out") { request, _ in
            try requireOwnForm(request)
            if let id = BrowserSessions.id(in: request) { desk.browsers.sessions.end(id) }
            return redirect(to: Link.fleet, cookie: BrowserSessions.setCookie(nil, isSecure: isSecure(request)))
        }
    }

    @Sendable private func signIn(_ request: Request, _ context: ServerContext) async throws -> Response {
        try requireOwnForm(request)
        guard request.headers[.contentType]?.lowercased().hasPrefix("application/x-www-form-urlencoded") == true else {
            throw HTTPProblem(.unsupportedMediaType, "send application/x-www-form-urlencoded")
        }
        let fields = try await request.withBody(upTo: Self.maxBodyBytes, desk.bodies) {
            FormBody.fields(String(buffer: $0))
        }
        let next = Link.local(fields["next"] ?? "")
        let peer = context.peerAddress ?? ""
        let now = desk.clock.now().tick
        if let wait = desk.browsers.throttle.wait(peer, now: now) {
            let seconds = max(1, (wait.milliseconds + 999) / 1000)
            return form(
                .tooManyRequests, next: next, "Too many failed attempts. Try again in \(seconds) s.",
                [.retryAfter: "\(seconds)"])
        }
        let token = (fields["token"] ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
        guard let caller = authorization.holder(of: token) else {
            desk.browsers.throttle.failed(peer, now: now)
            desk.logger.warning(
                "sign-in refused", metadata: ["peer": "\(peer)", "request": "\(context.requestID)"])
            return form(
                .unauthorized, next: next, "No token of this server is like that.",
                [.wwwAuthenticate: "Bearer realm=\"ballast\""])
        }
        let id = desk.browsers.sessions.begin(token: caller.name, secret: token, now: now)
        return redirect(to: next, cookie: BrowserSessions.setCookie(id, isSecure: isSecure(request)))
    }

    private func form(
        _ status: HTTPResponse.Status, next: String, _ failure: String = "", _ more: HTTPFields = [:]
    ) -> Response {
        show(.signIn(SignInView(next: next, failure: failure)), "Sign in", status, more)
    }

    private func redirect(to path: String, cookie: String? = nil) -> Response {
        var headers: HTTPFields = [.location: path, .cacheControl: "no-store"]
        if let cookie { headers[.setCookie] = cookie }
        return Response(status: .seeOther, headers: headers)
    }

    /// Where a browser says where a form came from, it must be from here; what is no browser says nothing.
    private func requireOwnForm(_ request: Request) throws {
        guard let site = request.headers[.fetchSite], site != "same-origin", site != "none" else { return }
        throw HTTPProblem(.forbidden, "this form belongs to another site")
    }

    /// A proxy in front speaks TLS and says so.
    private func isSecure(_ request: Request) -> Bool {
        if let scheme = request.headers[.forwardedProto]?.split(separator: ",").first {
            return scheme.trimmingCharacters(in: .whitespaces).lowercased() == "https"
        }
        return request.headers[.forwarded]?.lowercased().contains("proto=https") ?? false
    }
}

/// `application/x-www-form-urlencoded`; of a name that stands twice the first counts.
enum FormBody {
    static func fields(_ text: String) -> [String: String] {
        var found: [String: String] = [:]
        for part in text.split(separator: "&") {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = decoded(pair[0]), found[name] == nil else { continue }
            found[name] = pair.count > 1 ? decoded(pair[1]) ?? "" : ""
        }
        return found
    }

    private static func decoded(_ text: Substring) -> String? {
        text.replacing("+", with: " ").removingPercentEncoding
    }
}
