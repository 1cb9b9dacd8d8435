import Domain

/// Whole documents of the size that real ones have.
enum Samples {
    static let provenance = Provenance(
        commit: CommitID(String(repeating: "a", count: 40)), author: "Ada Lovelace <ada@example.com>",
        committer: "Ada Lovelace <ada@example.com>",
        message: "Move order-support to v_67890", committedAt: Timestamp(milliseconds: 1_790_000_000_000), reverts: nil,
        signature: .unsigned, step: CommitID(String(repeating: "b", count: 40)))

    static let settings = RolloutSettings(
        guards: Guards(), verify: [], onFailure: .failover, fallbackVersion: nil, rolloutTimeout: .minutes(30),
        verifyTimeout: .minutes(5), requestTimeout: .seconds(30))

    /// About 1.5 KB as JSON.
    static func bot(_ number: Int) -> BotRecord {
        var spec = Manifest.Spec(
            platform: "default", botId: "bot_\(number)", environment: "PRODUCTION", version: "v_67890")
        spec.verify = [
            VerifyCase(message: "Where is my order?", intent: "order_support", minConfidence: 0.85),
            VerifyCase(message: "I want my money back", intent: "refund", minConfidence: 0.8),
        ]
        let manifest = Manifest(name: "bot-\(number)", labels: ["team": "orders", "tier": "gold"], spec: spec)
        var bot = plainBot(number)
        bot.declared = Declaration(
            manifest: manifest, digest: String(repeating: "c", count: 64),
            specDigest: String(repeating: "d", count: 64),
            path: "bots/bot-\(number).yaml", index: 0, provenance: provenance)
        bot.observed = Observation(
            version: "v_67890", jobId: "job_\(number)", by: "somebody", at: Timestamp(milliseconds: 1_790_000_000_000),
            idempotencyKey: "ballast-\(number)")
        return bot
    }
}
