package import Domain

/// What the running process was told about each bot: its knowledge, as far as it can be one.
package struct Told: Sendable {
    package struct Look: Sendable {
        /// The question's number in its process; one that is sent again keeps it.
        package var question: Int
        /// When it was read at the platform and answered, in true time.
        package var readAt: Int64
        package var answeredAt: Int64
        /// Pages before it, added.
        package var sessions = 0
        package var jobs: [JobInfo] = []
        package var versions: [VersionInfo] = []
        /// nil: it was answered.
        package var failure: PlatformFailure?
    }

    package var sessions: [BotKey: Look] = [:]
    package var jobs: [BotKey: Look] = [:]
    /// By platform and bot id.
    package var versions: [String: Look] = [:]
    /// The look before that one.
    package var olderVersions: [String: Look] = [:]
    /// Versions that some answer showed as deployed, at any time.
    package var served: [BotKey: Set<String>] = [:]
    /// Turns in the order of their answers.
    package var turns: [BotKey: [(message: String, answer: TurnAnswer, at: Int64)]] = [:]

    package mutating func take(_ exchange: PlatformExchange, of sent: Sent, at elapsed: Int64) {
        var look = Look(question: sent.exchange, readAt: sent.arrivedAt ?? sent.sentAt, answeredAt: elapsed)
        if case .failure(let failure) = exchange.result { look.failure = failure }
        if isOutdated(look, by: sent) { return }
        switch (sent.request, exchange.result) {
        case (.sessions(let bot, let environment, let page), let result):
            let key = BotKey(platform: sent.platform, botId: bot, environment: environment)
            if page > 1, let before = sessions[key] { look.sessions = before.sessions }
            if case .success(.sessions(let count, _)) = result { look.sessions += count }
            sessions[key] = look
        case (.versions(let bot, _), .success(.versions(let versions, _))):
            look.versions = versions
            let id = "\(sent.platform)/\(bot)"
            olderVersions[id] = self.versions.updateValue(look, forKey: id)
        case (.jobs(let bot?, let environment, let page), .success(.jobs(let found, _))):
            let key = BotKey(platform: sent.platform, botId: bot, environment: environment)
            if page > 1, let before = jobs[key] { look.jobs = before.jobs }
            look.jobs += found
            jobs[key] = look
            note(found, sent.platform)
        case (.jobs(nil, _, _), .success(.jobs(let found, _))): note(found, sent.platform)
        case (.deployed(let bot, let environment), .success(.deployed(let version))):
            let key = BotKey(platform: sent.platform, botId: bot, environment: environment)
            if let version { served[key, default: []].insert(version) }
            jobs[key] = look
        case (.test(let bot, let environment, let message), .success(.turn(let answer))):
            let key = BotKey(platform: sent.platform, botId: bot, environment: environment)
            turns[key, default: []].append((message, answer, elapsed))
        // Looks at jobs that fail are no matter here: a pass asks for them, too, while a rollout has its own answer.
        case (.versions(let bot, _), .failure): versions["\(sent.platform)/\(bot)"]?.failure = look.failure
        default: break
        }
    }

    /// An older question that nobody waits for any more may be answered after a newer one.
    private func isOutdated(_ look: Look, by sent: Sent) -> Bool {
        let known: Look? =
            switch sent.request {
            case .versions(let bot, _): versions["\(sent.platform)/\(bot)"]
            case .sessions(let bot, let environment, _):
                sessions[BotKey(platform: sent.platform, botId: bot, environment: environment)]
            default: nil
            }
        return known.map { $0.question > look.question } ?? false
    }

    private mutating func note(_ jobs: [JobInfo], _ platform: String) {
        for job in jobs where job.state == .completed {
            served[BotKey(platform: platform, botId: job.botId, environment: job.environment), default: []].insert(
                job.targetVersion)
        }
    }

    /// What a look at sessions or jobs showed is old for the next process; a version that was published is so still.
    package mutating func forget() {
        sessions = [:]
        jobs = [:]
        for id in versions.keys { versions[id]?.question = 0 }
    }
}
