import Domain

/// 16. All bots wait under the same limits, which are kept: requests in a span, requests at once, and the pause that a platform
/// asked for. What an earlier process sent counts for nothing.
struct RequestLimits: Checker {
    let invariant = 16
    /// By platform, in true time.
    private var sentAt: [String: [Int64]] = [:]
    private var open: [String: Set<Int>] = [:]
    private var pausedUntil: [String: Int64] = [:]

    static let defaultPause: Int64 = 5_000
    static let maxPause: Int64 = 600_000

    mutating func see(_ sight: Sight, in scene: Scene) -> String? {
        switch sight {
        case .died: (sentAt, open, pausedUntil) = ([:], [:], [:])
        case .told(.exchanged(_, let exchange), let sent?):
            open[sent.platform]?.remove(sent.number)
            if case .failure(let failure) = exchange.result { pause(failure, sent.platform, scene) }
        case .sent(let sent): return sends(sent, scene)
        default: break
        }
        return nil
    }

    private mutating func pause(_ failure: PlatformFailure, _ name: String, _ scene: Scene) {
        guard failure.kind == .rateLimited || failure.retryAfter != nil else { return }
        let span = min(max(0, failure.retryAfter?.milliseconds ?? Self.defaultPause), Self.maxPause)
        pausedUntil[name] = max(pausedUntil[name] ?? 0, scene.elapsed + span)
    }

    private mutating func sends(_ sent: Sent, _ scene: Scene) -> String? {
        guard let settings = scene.settings(of: sent.platform) else { return nil }
        let name = sent.platform
        if let until = pausedUntil[name], scene.elapsed < until {
            return "\(name) was asked \(until - scene.elapsed) ms before the end of the pause that it wanted"
        }
        let since = scene.elapsed - settings.rateLimit.per.milliseconds
        sentAt[name, default: []].removeAll { $0 <= since }
        sentAt[name, default: []].append(scene.elapsed)
        if let count = sentAt[name]?.count, count > settings.rateLimit.requests {
            return "\(name) was sent \(count) requests within \(settings.rateLimit.per.text)"
        }
        open[name, default: []].insert(sent.number)
        if let count = open[name]?.count, count > settings.maxConcurrentRequests {
            return "\(name) was sent \(count) requests at once, and may be sent \(settings.maxConcurrentRequests)"
        }
        return nil
    }
}
