import Domain
import Exchange
import FoundationEssentials

/// The token endpoint of an authorization server (RFC 6749, 4.4). The client proves itself by HTTP Basic, the one way that
/// every such server must know.
struct TokenEndpoint: Sendable {
    static let maxAnswerBytes = 65_536
    /// The life of a token whose answer does not say.
    static let assumedLife = Span.minutes(5)
    static let maxLife = Span.days(1)

    struct Grant: Sendable {
        var token: String
        var life: Span
    }

    var caller: HTTPCaller
    var address: WebAddress
    var clientId: String
    var scopes: [String]

    /// One exchange. A refusal of the client is `unauthorized`; where no token came for another reason, the request that
    /// wanted it was not sent.
    func fetch(secret: String, timeout: Span, wall: Timestamp) async -> Result<Grant, PlatformFailure> {
        var form = [("grant_type", "client_credentials")]
        if !scopes.isEmpty { form.append(("scope", scopes.joined(separator: " "))) }
        let call = HTTPCall(
            .post, address.text,
            headers: [
                ("Authorization", "Basic \(basic(secret))"), ("Accept", "application/json"),
                ("Content-Type", "application/x-www-form-urlencoded"), ("User-Agent", "ballast"),
            ],
            body: Array(PercentEncoding.query(form).utf8), timeout: timeout,
            maxAnswerBytes: TokenEndpoint.maxAnswerBytes)
        switch await caller.call(call) {
        case .failure(let failure):
            return .failure(PlatformFailure(.notSent, "No token from \(address.shown): \(failure.message)"))
        case .success(let answer):
            return grant(from: answer, scrubbing: [secret, basic(secret)], wall: wall)
        }
    }

    /// What the secrets look like on the wire.
    func derived(_ secrets: [String]) -> [String] { secrets.map(basic) }

    private func basic(_ secret: String) -> String {
        Data("\(PercentEncoding.encode(clientId)):\(PercentEncoding.encode(secret))".utf8).base64EncodedString()
    }

    private func grant(
        from answer: HTTPAnswer, scrubbing secrets: [String], wall: Timestamp
    ) -> Result<Grant, PlatformFailure> {
        func failure(_ kind: PlatformFailure.Kind, _ said: String) -> Result<Grant, PlatformFailure> {
            let text = "No token from \(address.shown): \(said)"
            return .failure(
                PlatformFailure(
                    kind, UntrustedText.cleaned(text, secrets: secrets), retryAfter: answer.retryAfter(wall: wall)))
        }
        switch answer.status {
        case 200...299: break
        case 400, 401, 403:
            let refusal = answer.isJSON ? try? ForeignJSON.decode(Refusal.self, from: answer.body) : nil
            let said = [refusal?.error, refusal?.errorDescription].compactMap(\.self).joined(separator: ", ")
            return failure(.unauthorized, "the client was refused (\(answer.status)) \(said)")
        case 429: return failure(.rateLimited, "too many requests (429)")
        default: return failure(.notSent, "status \(answer.status)")
        }
        guard answer.isJSON, !answer.isCut, let reply = try? ForeignJSON.decode(Reply.self, from: answer.body),
            isHeaderSafe(reply.accessToken), reply.tokenType?.lowercased() ?? "bearer" == "bearer"
        else { return failure(.notSent, "the answer holds no bearer token") }
        let seconds = reply.expiresIn.map { max(0, min($0, Double(TokenEndpoint.maxLife.milliseconds / 1000))) }
        let life = seconds.map { Span(milliseconds: Int64($0 * 1000)) } ?? TokenEndpoint.assumedLife
        return .success(Grant(token: reply.accessToken, life: life))
    }

    private struct Reply: Decodable {
        var accessToken: String
        var tokenType: String?
        var expiresIn: Double?

        enum CodingKeys: String, CodingKey {
            case accessToken = "access_token"
            case tokenType = "token_type"
            case expiresIn = "expires_in"
        }
    }

    private struct Refusal: Decodable {
        var error: String?
        var errorDescription: String?

        enum CodingKeys: String, CodingKey {
            case error
            case errorDescription = "error_description"
        }
    }
}
