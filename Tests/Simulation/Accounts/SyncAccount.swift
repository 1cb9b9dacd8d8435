package import Domain

/// Which version of its manifest each bot served last, as the process found it: what others deploy after that is drift made on
/// the platform.
package struct SyncAccount: Sendable {
    package private(set) var synced: [BotKey: String] = [:]

    mutating func see(_ sight: Sight, in scene: Scene) {
        guard case .committed(let transactions) = sight else { return }
        for case .bot(let bot) in transactions.lazy.flatMap(\.changes) where bot.condition.state == .inSync {
            // A manifest that just came into force may not be judged yet.
            guard let version = bot.declared?.manifest.spec.version, bot.observed?.version == version else { continue }
            synced[bot.key] = version
        }
    }
}

extension PlatformModel {
    /// What brought the version that serves.
    package func servingJob(_ key: BotKey) -> Job? {
        let own = jobs.filter { $0.info.botId == key.botId && $0.info.environment == key.environment }
        guard let id = Observation.latest(in: own.reversed().map(\.info))?.jobId else { return nil }
        return own.first { $0.info.jobId == id }
    }
}
