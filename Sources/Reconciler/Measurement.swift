package import Domain

/// What the shell measured while it performed; for metrics alone, nothing is decided by it. Seconds, with fractions.
package enum Measurement: Hashable, Sendable {
    /// One look at the remote, or one reading of what moved.
    case fetched(seconds: Double, failed: Bool)
    /// One request to a platform; `code` is the status, or what kept it from getting one.
    case requested(operation: String, code: String)
    /// A platform asked to be left alone for so long.
    case throttled(seconds: Double)
    /// One turn of a verification.
    case tested(confidence: Double?, seconds: Double)
    /// Conversations of a bot that a rollout waits for, on one page of their list.
    case sessions(FeedKey, botId: String, count: Int, page: Int)
    case delivered(sink: String, result: String)
    /// Another writer of the notes was quicker.
    case notesPushLost
    /// One pass, from its look to its end.
    case passed(seconds: Double)
    /// From being told of a push to the deployment request that it led to.
    case triggered(seconds: Double)

    /// What an effect and its answer tell.
    static func of(_ effect: EngineEffect, _ answer: EngineInput, took: Span) -> [Measurement] {
        let seconds = Double(took.milliseconds) / 1000
        switch (effect, answer) {
        case (.look, .looked(let answer)): return [.fetched(seconds: seconds, failed: answer.hasFailed)]
        case (.read, .read(let answer)): return [.fetched(seconds: seconds, failed: answer.hasFailed)]
        case (.exchange(_, let platform, let request, _), .exchanged(_, let exchange)):
            return of(request, exchange, on: platform)
        case (.deliver, .delivered(_, let sink, let answer)):
            return [.delivered(sink: sink, result: answer.isDelivered ? "delivered" : "failed")]
        default: return []
        }
    }

    private static func of(
        _ request: PlatformRequest, _ exchange: PlatformExchange, on platform: String
    ) -> [Measurement] {
        let code: String
        var found: [Measurement] = []
        switch exchange.result {
        case .success(let answer):
            code = exchange.status.map(String.init) ?? "ok"
            if case .turn(let turn) = answer {
                found.append(.tested(confidence: turn.confidence, seconds: exchange.latencyMilliseconds / 1000))
            }
            if case .sessions(let count, let page) = answer, case .sessions(let bot, let environment, _) = request {
                let feed = FeedKey(platform: platform, environment: environment)
                found.append(.sessions(feed, botId: bot, count: count, page: page.page))
            }
        case .failure(let failure):
            code = exchange.status.map(String.init) ?? (failure.kind == .notSent ? "not-sent" : "lost")
            if failure.kind == .rateLimited {
                let pause = min(failure.retryAfter ?? RequestBudget.defaultPause, RequestBudget.maxPause)
                found.append(.throttled(seconds: Double(pause.milliseconds) / 1000))
            }
        }
        return [.requested(operation: request.operation, code: code)] + found
    }
}

extension Answered {
    fileprivate var hasFailed: Bool {
        if case .failed = self { true } else { false }
    }
}

extension DeliveryAnswer {
    fileprivate var isDelivered: Bool {
        if case .delivered = self { true } else { false }
    }
}
