import Domain

/// 16. A rollout holds its bot for `rolloutTimeout` while its job runs, and for `verifyTimeout` while it is read back and
/// verified, and not much longer. Time in which no process ran or the platform wanted to be left alone does not count.
struct RolloutsEnd: Checker {
    let invariant = 16

    private struct Stage: Equatable {
        var phase: Rollout.Phase
        var isFailover: Bool
        var isJobOver: Bool
    }

    private struct Stand {
        var stage: Stage
        /// Milliseconds of the platform's own time.
        var since: Int64
        var most: Int64
    }

    private var stands: [String: Stand] = [:]
    /// Milliseconds in which a process ran and might ask, by platform.
    private var spent: [String: Int64] = [:]
    private var seenAt: Int64 = 0
    private var isRunning = false
    private var pausedUntil: [String: Int64] = [:]

    /// For what is asked at the very end, and for the start of another process.
    static let slack: Int64 = 60_000

    mutating func see(_ sight: Sight, in scene: Scene) -> String? {
        advance(scene)
        switch sight {
        case .started: isRunning = true
        case .died: (isRunning, pausedUntil) = (false, [:])
        case .told(.exchanged(_, let exchange), let sent?):
            if case .failure(let failure) = exchange.result { pause(failure, sent.platform, scene) }
        case .committed(let transactions):
            for case .rollout(let rollout) in transactions.lazy.flatMap(\.changes) { note(rollout, scene) }
        default: break
        }
        return judge(scene)
    }

    private mutating func advance(_ scene: Scene) {
        defer { seenAt = scene.elapsed }
        guard isRunning, scene.elapsed > seenAt else { return }
        for platform in scene.world.configuration.platforms {
            let from = min(max(seenAt, pausedUntil[platform.name] ?? 0), scene.elapsed)
            spent[platform.name, default: 0] += scene.elapsed - from
        }
    }

    private mutating func pause(_ failure: PlatformFailure, _ name: String, _ scene: Scene) {
        guard failure.kind == .rateLimited || failure.retryAfter != nil else { return }
        let span = failure.retryAfter?.milliseconds ?? RequestLimits.defaultPause
        pausedUntil[name] = max(
            pausedUntil[name] ?? 0, scene.elapsed + min(max(0, span), RequestLimits.maxPause))
    }

    private mutating func note(_ rollout: Rollout, _ scene: Scene) {
        guard rollout.phase == .deploying || rollout.phase == .verifying else {
            stands[rollout.id] = nil
            return
        }
        let stage = Stage(
            phase: rollout.phase, isFailover: rollout.isFailover, isJobOver: rollout.leg.jobEndedAt != nil)
        guard stands[rollout.id]?.stage != stage else { return }
        stands[rollout.id] = Stand(
            stage: stage, since: spent[rollout.key.platform] ?? 0, most: most(rollout, stage, scene))
    }

    private func most(_ rollout: Rollout, _ stage: Stage, _ scene: Scene) -> Int64 {
        let platform = scene.settings(of: rollout.key.platform)
        let timeout = platform?.timeout.milliseconds ?? 30_000
        // A request may wait for the budget, and is asked once more with renewed credentials.
        let request = 2 * timeout + 2 * (platform?.rateLimit.per.milliseconds ?? 60_000)
        switch stage.phase {
        case .deploying where !stage.isJobOver:
            return rollout.settings.rolloutTimeout.milliseconds + request + Self.slack
        case .deploying: return rollout.settings.verifyTimeout.milliseconds + request + Self.slack
        default:
            // Turns that prove something end by their number, however long each takes; the last may prove nothing.
            let turns = rollout.settings.verify.reduce(0) { $0 + $1.attempts }
            return rollout.settings.verifyTimeout.milliseconds + Int64(turns + 1) * timeout + request + Self.slack
        }
    }

    private func judge(_ scene: Scene) -> String? {
        for (id, stand) in stands.sorted(by: { $0.key < $1.key }) {
            guard let rollout = scene.journal.rollouts[id] else { continue }
            let stood = (spent[rollout.key.platform] ?? 0) - stand.since
            guard stood > stand.most else { continue }
            return "\(rollout.key): \(rollout.leg.target) stands in \(stand.stage.phase.rawValue) for \(stood) ms"
        }
        return nil
    }
}
