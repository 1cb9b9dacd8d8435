import Domain
import Exchange
import FoundationEssentials

/// The platform of `platform-v1.openapi.yaml`.
struct V1Platform: Platform {
    /// Bytes of the longest answer; a page of fifty jobs is a hundredth of it.
    static let maxAnswerBytes = 4 * 1024 * 1024

    let capabilities = PlatformCapabilities()
    let name: String
    let base: WebAddress
    let timeout: Span
    let caller: HTTPCaller
    let credential: any Credential
    let clocks: Clocks

    func perform(_ request: PlatformRequest, renewCredentials: Bool) async -> PlatformExchange {
        let begun = clocks.elapsed()
        let wire: V1Request
        do {
            wire = try V1Request(request)
        } catch {
            return PlatformExchange(result: .failure(error))
        }
        let authorization: String
        switch await credential.authorization(renew: renewCredentials, timeout: timeout) {
        case .success(let value): authorization = value
        case .failure(let failure): return PlatformExchange(result: .failure(failure))
        }
        let requestDigest = wire.body.map(digest)
        let left = timeout.milliseconds - (clocks.elapsed().milliseconds - begun.milliseconds)
        guard left > 0 else {
            let failure = PlatformFailure(.notSent, "\(subject(request)): no time was left after the token was fetched")
            return PlatformExchange(result: .failure(failure))
        }
        switch await caller.call(call(wire, authorization, Span(milliseconds: left))) {
        case .failure(let failure):
            let text = UntrustedText.cleaned(
                "\(subject(request)): \(failure.message)", secrets: await credential.secrets)
            return PlatformExchange(
                result: .failure(PlatformFailure(Classification.kind(failure), text)),
                latencyMilliseconds: failure.latencyMilliseconds, requestDigest: requestDigest)
        case .success(let answer):
            if answer.status == 401 { await credential.reject(authorization) }
            return PlatformExchange(
                result: result(of: answer, to: request, secrets: await credential.secrets),
                latencyMilliseconds: answer.latencyMilliseconds, status: answer.status, requestDigest: requestDigest,
                answerDigest: digest(answer.body))
        }
    }

    private func call(_ wire: V1Request, _ authorization: String, _ timeout: Span) -> HTTPCall {
        var headers = [
            ("Authorization", authorization), ("Accept", "application/json"), ("Accept-Encoding", "identity"),
            ("User-Agent", "ballast"),
        ]
        if wire.body != nil { headers.append(("Content-Type", "application/json")) }
        if let key = wire.idempotencyKey { headers.append(("Idempotency-Key", key)) }
        return HTTPCall(
            wire.method, base.text + wire.target, headers: headers.map { (name: $0.0, value: $0.1) }, body: wire.body,
            timeout: timeout, maxAnswerBytes: V1Platform.maxAnswerBytes)
    }

    private func subject(_ request: PlatformRequest) -> String {
        "\(request.operation) of platform \(name) (\(base.shown))"
    }
}

extension V1Platform {
    /// A whole answer → what it says, or what its failure means.
    func result(
        of answer: HTTPAnswer, to request: PlatformRequest, secrets: [String]
    ) -> Result<PlatformAnswer, PlatformFailure> {
        func failure(_ kind: PlatformFailure.Kind, _ said: String) -> Result<PlatformAnswer, PlatformFailure> {
            let text = UntrustedText.cleaned("\(subject(request)): \(said)", secrets: secrets)
            return .failure(PlatformFailure(kind, text, retryAfter: answer.retryAfter(wall: clocks.wall())))
        }
        guard (200...299).contains(answer.status) else {
            let problem = answer.isJSON ? try? ForeignJSON.decode(V1Problem.self, from: answer.body) : nil
            let message = problem?.message
            let kind = Classification.kind(status: answer.status, isMutation: request.isMutation, message: message)
            return failure(kind, "status \(answer.status)" + (message.map { ": \($0)" } ?? ""))
        }
        guard !answer.isCut else {
            return failure(.unclear, "status \(answer.status) with more than \(V1Platform.maxAnswerBytes) bytes")
        }
        guard answer.isJSON else {
            let type = answer.header("Content-Type") ?? "no content type"
            return failure(.unclear, "status \(answer.status), but not JSON (\(type))")
        }
        do {
            return .success(try V1Decoder.decode(answer.body, for: request, secrets: secrets))
        } catch let refusal as V1Refusal {
            return failure(.unclear, "status \(answer.status), but no success: \(refusal.message ?? "no message")")
        } catch let error as DecodingError {
            return failure(.unclear, "status \(answer.status), but \(describe(error))")
        } catch {
            return failure(.unclear, "status \(answer.status), but the answer cannot be read")
        }
    }
}
