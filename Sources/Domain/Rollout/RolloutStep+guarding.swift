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
        // A conflict of an earlier POST explains nothing any more once all guards are judged anew.
        leg.conflictIsUnclear = false
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
            if version.id == serving { leg.reading.deployedVersion = version }
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
        let listed = leg.reading.target.map { [$0] } ?? []
        let verdict = VersionJudge.verdict(
            target, among: listed, guards: settings.guards, environment: rollout.key.environment)
        guard verdict.passes else { return versionBlocks(verdict.detail) }
        if leg.targetNotFound {
            return versionBlocks("\(target) is listed, yet the platform does not find it when it is to be deployed")
        }
        let known = listed + [leg.reading.deployedVersion].compactMap { $0 }
        leg.direction = VersionJudge.direction(from: serving, to: target, among: known)
        if !rollout.isFailover {
            rollout.direction = leg.direction
            let isOlder = serving.map { VersionJudge.isOlder(target, than: $0, among: known) } ?? false
            rollout.rejects = isOlder && rollout.cause == .manifest ? serving : nil
        }
        note(verdict)
        leg.reading = Rollout.Reading()
        enterDraining()
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
