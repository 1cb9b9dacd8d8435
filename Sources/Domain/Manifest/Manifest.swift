/// What one YAML document declares: the desired version of one bot in one environment (`product/manifest.md`).
/// A value that the document leaves out stands here as `policy.defaults` or the built-in default has it.
package struct Manifest: Hashable, Codable, Sendable {
    package var name: String
    package var labels: [String: String]
    package var spec: Spec

    package init(name: String, labels: [String: String], spec: Spec) {
        self.name = name
        self.labels = labels
        self.spec = spec
    }

    package struct Spec: Hashable, Codable, Sendable {
        /// The configured platform; a document without one means the only or the `default` platform (resolved by the decoder).
        package var platform: String
        package var botId: String
        package var environment: String
        package var version: String
        package var fallbackVersion: String?
        package var mode: Mode = .converge
        package var selfHeal = true
        package var suspend = false
        package var guards = Guards()
        package var verify: [VerifyCase] = []
        package var onFailure: OnFailure = .failover

        package init(platform: String, botId: String, environment: String, version: String) {
            self.platform = platform
            self.botId = botId
            self.environment = environment
            self.version = version
        }
    }

    package enum Mode: String, Hashable, Codable, Sendable, CaseIterable { case converge, alert }
    package enum OnFailure: String, Hashable, Codable, Sendable, CaseIterable { case failover, hold }

    package var key: BotKey { BotKey(platform: spec.platform, botId: spec.botId, environment: spec.environment) }
}

/// The thresholds of one manifest, after `policy.defaults` and the built-in defaults were applied.
package struct Guards: Hashable, Codable, Sendable {
    package var maxActiveSessions = 0
    package var drainTimeout = Span.minutes(10)
    package var validateDependencies = true
    package var requirePublished = true
    package var requireEnvironmentMatch = true
    package var cooldown = Span.zero
    package var windows: [Window] = []
    /// What the policy adds; judged as a group of its own, so that a manifest's `allow` can't loosen the policy's.
    package var policyWindows: [Window] = []

    package init() {}
}

/// A recurring span of time in which rollouts are allowed or denied; deny beats allow.
package struct Window: Hashable, Codable, Sendable {
    package enum Kind: String, Hashable, Codable, Sendable, CaseIterable { case allow, deny }

    package var kind: Kind
    /// Five cron fields, as written; `CronSchedule` is its parsed form.
    package var schedule: String
    package var duration: Span
    /// An IANA name.
    package var timeZone: String
    package var allowRollback: Bool

    package init(kind: Kind, schedule: String, duration: Span, timeZone: String = "UTC", allowRollback: Bool = false) {
        self.kind = kind
        self.schedule = schedule
        self.duration = duration
        self.timeZone = timeZone
        self.allowRollback = allowRollback
    }
}

/// One synthetic conversation turn and what its answer must show.
package struct VerifyCase: Hashable, Codable, Sendable {
    package var message: String
    package var intent: String
    package var minConfidence: Double
    package var entities: [String: String]
    /// Matched over expected entities, 0...1.
    package var minEntityAccuracy: Double
    package var maxLatency: Span?
    package var attempts: Int
    package var require: Int

    package init(
        message: String, intent: String, minConfidence: Double, entities: [String: String] = [:],
        minEntityAccuracy: Double = 1, maxLatency: Span? = nil, attempts: Int = 1, require: Int = 1
    ) {
        self.message = message
        self.intent = intent
        self.minConfidence = minConfidence
        self.entities = entities
        self.minEntityAccuracy = minEntityAccuracy
        self.maxLatency = maxLatency
        self.attempts = attempts
        self.require = require
    }
}
