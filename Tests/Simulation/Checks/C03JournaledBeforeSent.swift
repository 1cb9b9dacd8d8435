import Domain

/// 3. Every mutation is journaled before it is sent; the process adopts what it started and never sends a second one.
struct JournaledBeforeSent: Checker {
    let invariant = 3

    private enum Fate {
        /// Nobody knows what became of it.
        case open
        case nothingSent
        case refused
        /// A look that was late enough did not show it.
        case absent
        case accepted
    }

    private struct Post {
        var key: String
        var rollout: String
        var isFailover: Bool
        var sentAt: Int64
        /// No answer will come any more since.
        var givenUpAt: Int64?
        var fate = Fate.open
    }

    private var posts: [BotKey: Post] = [:]
    private var usedBy: [String: String] = [:]

    mutating func see(_ sight: Sight, in scene: Scene) -> String? {
        switch sight {
        case .sent(let sent): return sends(sent, scene)
        case .told(.exchanged(_, let exchange), let sent?): learn(exchange, sent, scene)
        case .died:
            for key in posts.keys where posts[key]?.fate == .open && posts[key]?.givenUpAt == nil {
                posts[key]?.givenUpAt = scene.elapsed
            }
        case .second(wasRefused: false): return "a second process opened the state while the first had it"
        default: break
        }
        return nil
    }

    private mutating func sends(_ sent: Sent, _ scene: Scene) -> String? {
        guard let request = sent.deployment, let key = sent.deploymentKey else { return nil }
        guard let rollout = scene.journal.rollout(sending: request), rollout.phase == .triggering, rollout.key == key
        else {
            return "\(key): a POST of \(request.targetVersion) left without a journaled intent"
        }
        let leg = "\(rollout.id) \(rollout.isFailover)"
        if let owner = usedBy[request.idempotencyKey], owner != leg {
            return "\(key): the key \(request.idempotencyKey) was used by another rollout or leg"
        }
        usedBy[request.idempotencyKey] = leg
        if !request.idempotencyKey.hasPrefix(scene.keyPrefix) { return "\(key): the key does not name this state" }
        if let last = posts[key], last.fate != .accepted {
            let isSame = last.key == request.idempotencyKey
            switch last.fate {
            case .open: return "\(key): a second POST left while nobody knew what became of \(last.key)"
            case .refused where isSame: return "\(key): the key \(last.key) was used again after a definite refusal"
            case .absent where !isSame && last.rollout == rollout.id && last.isFailover == rollout.isFailover:
                return "\(key): the key \(last.key) was forgotten though its POST's fate was unknown"
            default: break
            }
        } else if let last = posts[key], last.key == request.idempotencyKey {
            return "\(key): the accepted POST \(last.key) was sent again"
        }
        posts[key] = Post(
            key: request.idempotencyKey, rollout: rollout.id, isFailover: rollout.isFailover, sentAt: sent.sentAt)
        return nil
    }

    private mutating func learn(_ exchange: PlatformExchange, _ sent: Sent, _ scene: Scene) {
        if let key = sent.deploymentKey, let request = sent.deployment {
            guard posts[key]?.key == request.idempotencyKey, posts[key]?.fate == .open else { return }
            switch exchange.result {
            case .success(.accepted): posts[key]?.fate = .accepted
            case .failure(let failure):
                switch failure.kind {
                // A 401 is asked once more with the same key.
                case .notSent, .unauthorized: posts[key]?.fate = .nothingSent
                case .lost, .unclear: posts[key]?.givenUpAt = scene.elapsed
                case .forbidden, .notFound, .invalid, .conflict, .rateLimited, .unsupported:
                    posts[key]?.fate = .refused
                }
            default: posts[key]?.givenUpAt = scene.elapsed
            }
            return
        }
        look(exchange, sent, scene)
    }

    private mutating func look(_ exchange: PlatformExchange, _ sent: Sent, _ scene: Scene) {
        let timeout = scene.settings(of: sent.platform)?.timeout.milliseconds ?? 30_000
        switch (sent.request, exchange.result) {
        case (.jobs(let bot, let environment, _), .success(.jobs(let jobs, _))):
            for (key, post) in posts where post.fate == .open && key.platform == sent.platform {
                guard key.environment == environment, bot == nil || bot == key.botId else { continue }
                if jobs.contains(where: { $0.idempotencyKey == post.key }) {
                    posts[key]?.fate = .accepted
                } else if bot != nil, let given = post.givenUpAt, sent.sentAt >= given + timeout {
                    posts[key]?.fate = .absent
                }
            }
        case (.deployed(let bot, let environment), .success(.deployed(let version))):
            let key = BotKey(platform: sent.platform, botId: bot, environment: environment)
            guard let post = posts[key], post.fate == .open, let given = post.givenUpAt else { return }
            if version == scene.journal.rollouts[post.rollout]?.leg.target {
                posts[key]?.fate = .accepted
            } else if sent.sentAt >= given + timeout {
                posts[key]?.fate = .absent
            }
        default: break
        }
    }
}
