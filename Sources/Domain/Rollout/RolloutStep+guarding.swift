extension RolloutStep {
    /// planned → guarding, or straight to the job that an earlier rollout left behind.
    mutating func start() {
        effects.append(.started)
        record(
            "start",
            [
                "from": .text(rollout.from), "to": .string(rollout.to), "cause": .string(rollout.cause.rawValue),
                "direction": .string(rollout.direction.rawValue), "isReturn": .bool(rollout.isReturn),
            ])
        if let jobId = rollout.adopts { return adopt(jobId: jobId, by: "an earlier rollout") }
        move(to: .guarding)
        leg.next = .judge
        guard worldIsAsBefore() else { return }
        _ = judgeFree()
    }

    mutating func askVersions() {
        leg.next = nil
        beginReading()
        ask(.versions, .versions(botId: rollout.key.botId, page: 1))
    }

    mutating func versionsAnswered(_ exchange: PlatformExchange) {
        guard case .success(.versions(let versions, let page)) = exchange.result else {
            if let failure = Self.failure(of: exchange), failure.kind == .notFound {
                return versionBlocks("the platform knows no bot \(rollout.key.botId): \(failure.message)")
            }
            return lookFailed(
                .version, Self.describe(exchange), next: .versions, failure: Self.failure(of: exchange))
        }
        guard turnPage(page) else { return lookFailed(.version, Self.pagingIgnored, next: .versions) }
        let serving = rollout.isFailover ? rollout.serving : rollout.from
        for version in versions {
            if version.id == target { leg.reading.target = version }
            if version.id == serving { leg.reading.deployedCreatedAt = version.createdAt }
        }
        if let next = pageAfter(page, most: RolloutLimit.maxVersionPages) {
            leg.reading.page = next
            return ask(.versions, .versions(botId: rollout.key.botId, page: next))
        }
        guard page.next == nil else {
            return lookFailed(.version, "the platform lists more versions than can be read", next: .versions)
        }
        judgeVersion(serving: serving)
    }

    private mutating func judgeVersion(serving: String?) {
        leg.looksFailed = 0
        guard let version = leg.reading.target else { return versionBlocks("\(target) does not exist") }
        if leg.targetNotFound {
            return versionBlocks("\(target) is listed, yet the platform does not find it when it is to be deployed")
        }
        let guards = settings.guards
        if guards.requirePublished, version.status != "PUBLISHED" {
            return versionBlocks("\(target) is \(version.status), not PUBLISHED; requirePublished: false waives it")
        }
        if guards.requireEnvironmentMatch, version.environment != rollout.key.environment {
            let its = version.environment.map { "belongs to \($0)" } ?? "names no environment"
            return versionBlocks(
                "\(target) \(its), not \(rollout.key.environment); requireEnvironmentMatch: false waives it")
        }
        leg.direction = Self.direction(
            from: serving, deployedAt: leg.reading.deployedCreatedAt, targetAt: version.createdAt)
        if !rollout.isFailover { rollout.direction = leg.direction }
        let its = version.environment.map { " for \($0)" } ?? ""
        note(GuardVerdict(.version, .pass, "\(target) is \(version.status)\(its)"))
        leg.reading = Rollout.Reading()
        enterDraining()
    }

    /// `deployment` only where the target is surely newer or nothing is deployed.
    static func direction(from: String?, deployedAt: Timestamp?, targetAt: Timestamp?) -> Direction {
        guard from != nil else { return .deployment }
        guard let deployedAt, let targetAt else { return .rollback }
        return targetAt > deployedAt ? .deployment : .rollback
    }

    private mutating func versionBlocks(_ detail: String) {
        note(GuardVerdict(.version, .block, detail))
        if rollout.isFailover {
            end(.degraded, "\(failureSentence); the fallback cannot be rolled out: \(detail)")
        } else {
            end(.blocked, "\(target) cannot be rolled out: \(detail)")
        }
    }
}
