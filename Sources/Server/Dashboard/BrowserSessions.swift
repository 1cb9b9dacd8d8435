import Crypto
import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Synchronization

/// Browsers that signed in. Kept in memory alone: a restart asks for the token again. The cookie is a random number and
/// says nothing of the token; a token that is taken away or rotated ends its sessions at once.
final class BrowserSessions: Sendable {
    static let cookie = "ballast-session"
    static let maxSessions = 1000
    static let lifetime = Span.hours(12)

    struct Signed: Sendable {
        /// The token's name, and what it was when the browser signed in.
        var token: String
        var tokenDigest: Data
        var until: Tick
    }

    /// By digest of the id, so that looking one up tells nothing by its time.
    private let sessions = Mutex<[Data: Signed]>([:])

    /// - Returns: the cookie's value.
    func begin(token: String, secret: String, now: Tick) -> String {
        let id = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }.base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        sessions.withLock { sessions in
            sessions = sessions.filter { $0.value.until > now }
            if sessions.count >= Self.maxSessions, let oldest = sessions.min(by: { $0.value.until < $1.value.until }) {
                sessions[oldest.key] = nil
            }
            sessions[Self.digest(id)] = Signed(
                token: token, tokenDigest: Self.digest(secret), until: now + Self.lifetime)
        }
        return id
    }

    func find(_ id: String, now: Tick) -> Signed? {
        sessions.withLock { $0[Self.digest(id)] }.flatMap { $0.until > now ? $0 : nil }
    }

    func end(_ id: String) { sessions.withLock { $0[Self.digest(id)] = nil } }

    static func digest(_ text: String) -> Data { Data(SHA256.hash(data: Data(text.utf8))) }

    static func id(in request: Request) -> String? {
        for header in request.headers[values: .cookie] {
            for part in header.split(separator: ";") {
                let pair = part.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
                if pair.count == 2, pair[0] == cookie, !pair[1].isEmpty { return pair[1] }
            }
        }
        return nil
    }

    /// - Parameter id: nil: the browser forgets it.
    static func setCookie(_ id: String?, isSecure: Bool) -> String {
        let age = id == nil ? 0 : lifetime.milliseconds / 1000
        return "\(cookie)=\(id ?? ""); Path=/; Max-Age=\(age); HttpOnly; SameSite=Strict\(isSecure ? "; Secure" : "")"
    }
}

/// How browsers come in, over reloads of the configuration.
struct BrowserDoor: Sendable {
    let sessions: BrowserSessions
    let throttle: SignInThrottle
    let clock: any Clock
}

extension Authorization {
    /// By the cookie: to look alone, since a browser sends it without being asked to.
    func signedIn(_ request: Request, for role: ServerSettings.Role) -> Caller? {
        guard role == .read, [.get, .head].contains(request.method), request.headers[.authorization] == nil,
            let browsers, let id = BrowserSessions.id(in: request),
            let signed = browsers.sessions.find(id, now: browsers.clock.now().tick),
            let token = settings.tokens.first(where: { $0.name == signed.token })
        else { return nil }
        let isStillValid = token.secrets.contains { reference in
            (try? secrets.read(reference).reveal()).map { BrowserSessions.digest($0) == signed.tokenDigest } ?? false
        }
        return isStillValid ? Caller(name: token.name, role: .read) : nil
    }
}
