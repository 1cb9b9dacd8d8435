import Domain
import Exchange

/// One configured sink: asks its format for a request, makes the exchange, and again, until the delivery is over.
struct HTTPSink: Sink {
    /// For one attempt, all its exchanges together.
    static let timeout = Span.seconds(15)
    /// Two during a rotation; more is a mistake that would only make every delivery slower.
    static let maxSecrets = 2
    /// Of one delivery; no format needs more.
    static let maxExchanges = 4

    enum Address: Sendable {
        case literal(WebAddress)
        /// Read for every attempt, since its file may change.
        case secret(SecretList)
    }

    /// What an attempt was made with. Nothing of it may be kept.
    private struct Means {
        var target: WebAddress
        var keys: [SigningKey]
        var tokens: [String]
        var hidden: [String]
    }

    let name: String
    let address: Address
    /// A base that the configuration shows; an address whose path may be secret is never shown whole.
    let isPathShown: Bool
    let secrets: SecretList
    let tokens: SecretList
    let format: any SinkFormat
    /// By address policy: plain `http` gets a client of its own that only connects to this machine.
    let caller: HTTPCaller
    let plainCaller: HTTPCaller
    let allowPrivate: Bool

    func deliver(_ event: Event, attemptedAt: Timestamp) async -> DeliveryAnswer {
        let means: Means
        do {
            means = try await gather()
        } catch {
            return .failed(answer: UntrustedText.cleaned("Sink \(name): \(error)"), retryAfter: nil)
        }
        var answer = DeliveryAnswer.failed(answer: "Sink \(name) has no token.", retryAfter: nil)
        for token in means.tokens {
            let access = SinkAccess(attemptedAt: attemptedAt, keys: means.keys, token: token)
            answer = await run(format.begin(event, with: access), means)
            // Of two tokens one may be too new or too old.
            guard case .refused(let status, _) = answer, status == 401 || status == 403 else { break }
        }
        return answer.cleaned(of: means.hidden)
    }

    private func run(_ first: SinkStep, _ means: Means) async -> DeliveryAnswer {
        var step = first
        var left = Double(HTTPSink.timeout.milliseconds)
        for _ in 0..<HTTPSink.maxExchanges {
            guard case .exchange(let request, let then) = step else { break }
            guard left >= 1 else { return .failed(answer: "\(means.target.shown): no time is left", retryAfter: nil) }
            let call = HTTPCall(
                request.method, means.target.text + request.path,
                headers: request.headers + [(name: "User-Agent", value: "ballast")], body: request.body,
                timeout: .milliseconds(Int64(left)), maxAnswerBytes: request.maxAnswerBytes)
            switch await (means.target.isPlain ? plainCaller : caller).call(call) {
            case .failure(let failure):
                return .failed(answer: "\(means.target.shown): \(failure.message)", retryAfter: nil)
            case .success(let answer):
                left -= answer.latencyMilliseconds
                step = then(answer)
            }
        }
        guard case .over(let answer) = step else {
            return .failed(answer: "Sink \(name): the delivery needs too many exchanges.", retryAfter: nil)
        }
        return answer
    }

    /// Secrets and address as they are now.
    private func gather() async throws -> Means {
        let signing = Array(try await secrets.read().prefix(HTTPSink.maxSecrets))
        let keys = signing.compactMap(SigningKey.init(secret:))
        guard keys.count == signing.count else {
            throw SecretProblem(.notText, "The secret is empty or no key of Standard Webhooks.")
        }
        let tokens = Array(try await tokens.read().prefix(HTTPSink.maxSecrets))
        guard !tokens.contains("") else { throw SecretProblem(.empty, "The token is empty.") }
        let target = try await present()
        return Means(
            target: target, keys: keys, tokens: tokens.isEmpty ? [""] : tokens,
            hidden: signing + tokens + parts(of: target))
    }

    /// Where it is now.
    private func present() async throws -> WebAddress {
        switch address {
        case .literal(let address): return address
        case .secret(let list):
            return try HTTPSink.target(try await list.read().first ?? "", allowPrivate: allowPrivate)
        }
    }

    /// What of an address may be secret.
    private func parts(of target: WebAddress) -> [String] {
        isPathShown ? [] : [target.text, target.pathAndQuery]
    }

    /// Whether anything answers at the address, whatever it says: asked with HEAD, which delivers nothing.
    /// - Returns: why not; without the parts of the address that may be secret.
    func unreachable() async -> String? {
        do {
            let target = try await present()
            let call = HTTPCall(
                .head, target.text, headers: [(name: "User-Agent", value: "ballast")], timeout: HTTPSink.timeout,
                maxAnswerBytes: SinkRequest.maxAnswerBytes)
            guard case .failure(let failure) = await (target.isPlain ? plainCaller : caller).call(call) else {
                return nil
            }
            return UntrustedText.cleaned("\(target.shown): \(failure.message)", secrets: parts(of: target))
        } catch {
            return UntrustedText.cleaned("\(error)")
        }
    }

    /// The address, judged before each connection; what a name resolves to is judged when it is connected to.
    static func target(_ given: String, allowPrivate: Bool) throws(ExchangeError) -> WebAddress {
        let address = try WebAddress(given, allowsQuery: true)
        let isKnownPrivate = address.isLoopbackName || address.literal?.isPublic == false
        guard allowPrivate || !isKnownPrivate else {
            throw ExchangeError(
                .addressPrivate, "The address \(address.shown) is private; allow it with `allowPrivate: true`.")
        }
        return address
    }
}
