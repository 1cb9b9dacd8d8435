import Domain
import Exchange

/// One sink of `kind: webhook`: one signed POST for each attempt.
struct WebhookSink: Sink {
    static let timeout = Span.seconds(15)
    /// Of what a receiver answers; kept for the dead letter.
    static let maxAnswerBytes = 1024
    static let maxAnswerCharacters = 1024
    /// Two during a rotation; more is a mistake that would only make every delivery slower.
    static let maxSecrets = 2

    enum Address: Sendable {
        case literal(WebAddress)
        /// Read for every attempt, since its file may change.
        case secret(SecretList)
    }

    let name: String
    let address: Address
    let secrets: SecretList
    /// By address policy: plain `http` gets a client of its own that only connects to this machine.
    let caller: HTTPCaller
    let plainCaller: HTTPCaller
    let allowPrivate: Bool

    func deliver(_ event: Event, attemptedAt: Timestamp) async -> DeliveryAnswer {
        let target: WebAddress
        let keys: [[UInt8]]
        var hidden: [String] = []
        do {
            hidden = Array(try await secrets.read().prefix(WebhookSink.maxSecrets))
            keys = hidden.compactMap(WebhookSignature.key)
            guard keys.count == hidden.count else {
                return .failed(answer: "The secret of sink \(name) is empty or not base64.", retryAfter: nil)
            }
            target = try await present()
            hidden += [target.text, target.pathAndQuery]
        } catch {
            return .failed(answer: UntrustedText.cleaned("Sink \(name): \(error)", secrets: hidden), retryAfter: nil)
        }
        let call = call(event, to: target, keys: keys, at: attemptedAt)
        switch await (target.isPlain ? plainCaller : caller).call(call) {
        case .failure(let failure):
            let text = UntrustedText.cleaned("\(target.shown): \(failure.message)", secrets: hidden)
            return .failed(answer: text, retryAfter: nil)
        case .success(let answer):
            return WebhookSink.classify(answer, wall: attemptedAt, secrets: hidden)
        }
    }

    /// Where it is now.
    private func present() async throws -> WebAddress {
        switch address {
        case .literal(let address): return address
        case .secret(let list):
            return try WebhookSink.target(try await list.read().first ?? "", allowPrivate: allowPrivate)
        }
    }

    /// Whether anything answers at the address, whatever it says: asked with HEAD, which delivers nothing.
    /// - Returns: why not; without the parts of the address that may be secret.
    func unreachable() async -> String? {
        do {
            let target = try await present()
            let call = HTTPCall(
                .head, target.text, headers: [(name: "User-Agent", value: "ballast")], timeout: WebhookSink.timeout,
                maxAnswerBytes: WebhookSink.maxAnswerBytes)
            guard case .failure(let failure) = await (target.isPlain ? plainCaller : caller).call(call) else {
                return nil
            }
            return UntrustedText.cleaned(
                "\(target.shown): \(failure.message)", secrets: [target.text, target.pathAndQuery])
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

    /// Only 2xx is success; what repeating will hardly cure is `refused`; 410 wants nothing more.
    static func classify(_ answer: HTTPAnswer, wall: Timestamp, secrets: [String]) -> DeliveryAnswer {
        let said = UntrustedText.cleaned(
            String(decoding: answer.body, as: UTF8.self), secrets: secrets, maxCharacters: maxAnswerCharacters)
        let text = said.isEmpty ? "status \(answer.status)" : "status \(answer.status): \(said)"
        return switch answer.status {
        case 200...299: .delivered(status: answer.status)
        case 410: .gone(answer: text)
        case 408, 409, 425, 429: .failed(answer: text, retryAfter: answer.retryAfter(wall: wall))
        case 400...499: .refused(status: answer.status, answer: text)
        default: .failed(answer: text, retryAfter: answer.retryAfter(wall: wall))
        }
    }

    private func call(_ event: Event, to target: WebAddress, keys: [[UInt8]], at attempt: Timestamp) -> HTTPCall {
        let body = WebhookBody.render(event)
        let seconds = attempt.milliseconds / 1000
        var headers = [
            (name: "Content-Type", value: "application/json"), (name: "User-Agent", value: "ballast"),
            (name: "webhook-id", value: event.id), (name: "webhook-timestamp", value: "\(seconds)"),
        ]
        if !keys.isEmpty {
            let signature = WebhookSignature.header(id: event.id, timestamp: seconds, body: body, keys: keys)
            headers.append((name: "webhook-signature", value: signature))
        }
        return HTTPCall(
            .post, target.text, headers: headers, body: body, timeout: WebhookSink.timeout,
            maxAnswerBytes: WebhookSink.maxAnswerBytes)
    }
}
