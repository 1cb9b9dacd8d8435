import Domain

/// Setting the stage, and looking at what became of it.
extension SimulatedPlatform {
    /// Adds bots, or replaces those with the same id; jobs and sessions stay.
    package func add(_ bots: [SimulatedBot]) {
        change { world, now in for bot in bots { world.add(bot, now: now) } }
    }

    package func add(_ bot: SimulatedBot) { add([bot]) }

    /// Adds versions to a bot, newest last, or replaces those with the same id.
    /// - Throws: `SimulatorError` `unknown`.
    package func add(_ versions: [SimulatedVersion], to botId: String) throws {
        let known = change { world, now in
            guard var bot = world.bots[botId] else { return false }
            for version in versions {
                var version = version
                version.createdAt = version.createdAt ?? now
                if let place = bot.versions.firstIndex(where: { $0.id == version.id }) {
                    bot.versions[place] = version
                } else {
                    bot.versions.append(version)
                }
            }
            world.bots[botId] = bot
            return true
        }
        guard known else { throw SimulatorError(.unknown, "there is no bot \(botId)") }
    }

    /// Changes one version, say from DRAFT to PUBLISHED.
    package func changeVersion(_ id: String, of botId: String, _ body: (inout SimulatedVersion) -> Void) throws {
        let found = change { world, _ in
            guard let index = world.bots[botId]?.versions.firstIndex(where: { $0.id == id }) else { return false }
            if var version = world.bots[botId]?.versions[index] {
                body(&version)
                world.bots[botId]?.versions[index] = version
            }
            return true
        }
        guard found else { throw SimulatorError(.unknown, "bot \(botId) has no version \(id)") }
    }

    package func removeBot(_ botId: String) { change { world, _ in _ = world.bots.removeValue(forKey: botId) } }

    package func add(_ key: SimulatedKey) { change { world, _ in world.credentials.add(key) } }
    package func add(_ client: SimulatedClient) { change { world, _ in world.credentials.add(client) } }
    package func removeKeys() { change { world, _ in world.credentials.removeKeys() } }
    /// Every token that was issued answers 401 from now on.
    package func revokeTokens() { change { world, _ in world.credentials.revokeTokens() } }

    package var options: SimulatorOptions { look { world, _ in world.options } }

    package func configure(_ body: (inout SimulatorOptions) -> Void) {
        change { world, _ in body(&world.options) }
    }

    /// Open sessions of a bot, at once and then by schedule.
    package func setSessions(_ count: Int, of botId: String, in environment: String, then steps: [SessionStep] = []) {
        change { world, now in
            world.setSessions(
                [SessionStep(after: .zero, count: count)] + steps,
                at: Place(botId: botId, environment: environment), now: now)
        }
    }

    /// Deploys a version behind git's back, as a person in the console does; it serves at once unless `script` says
    /// otherwise.
    /// - Returns: The job's id.
    @discardableResult
    package func deployBehindGit(
        _ botId: String, version: String, in environment: String = "PRODUCTION", by person: String = "console",
        key: String? = nil, script: JobScript = JobScript(queuedFor: .zero, runningFor: .zero)
    ) -> String {
        change { world, now in
            let place = Place(botId: botId, environment: environment)
            let index = world.append(
                place, version: version, action: "DEPLOY", by: person, key: key, script: script, now: now)
            return world.jobs[index].id
        }
    }

    /// Gives a running job another course; a hanging one can be ended so.
    package func redirect(_ jobId: String, to ending: JobScript.Ending) {
        change { world, now in
            guard let index = world.position(of: jobId), !world.jobs[index].isSettled(at: now) else { return }
            world.jobs[index].script.ending = ending
            let passed = now.milliseconds - world.jobs[index].createdAt.milliseconds
            if ending != .hangs { world.jobs[index].script.runningFor = .zero }
            let queued = min(world.jobs[index].script.queuedFor, .milliseconds(passed))
            world.jobs[index].script.queuedFor = ending == .hangs ? queued : .milliseconds(passed)
        }
    }

    /// The version that serves.
    package func servedVersion(of botId: String, in environment: String = "PRODUCTION") -> String? {
        look { world, now in world.served(at: Place(botId: botId, environment: environment), now: now) }
    }

    /// Oldest first.
    package func jobs(of botId: String? = nil) -> [SimulatedJob] {
        look { world, _ in
            guard let botId else { return world.jobs }
            return (world.jobsByBot[botId] ?? []).map { world.jobs[$0] }
        }
    }

    package func addFault(_ rule: FaultRule) { change { world, _ in world.arm(rule) } }
    package func clearFaults() { change { world, _ in world.faults.removeAll() } }

    package var counters: RequestCounters { look { world, _ in world.log.counters } }
    package var requests: [RequestRecord] { look { world, _ in world.log.records } }
    package func resetCounters() { change { world, _ in world.log.reset() } }
}
