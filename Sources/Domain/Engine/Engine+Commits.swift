/// Statuses of commits that move many bots.
extension Engine {
    /// Wide commits that are remembered: one that still moves bots is younger than so many others.
    static let maxWideCommits = 64

    /// Counts what the event tells of its bot, and adds where the whole commit stands, if it moves many bots.
    mutating func measureCommit(_ event: inout Event) {
        guard tally != nil, event.type.hasPrefix("rollout."), let commit = event.commit?.sha, let key = event.bot?.key,
            let bot = bots[key], let status = CommitStatus(event)
        else { return }
        switch event.type {
        case "rollout.started": tally?.began(bot)
        case "rollout.waiting", "rollout.held": break
        default: tally?.ended(bot, status.state)
        }
        guard isWide(commit) else { return }
        event.progress =
            tally?.progress(of: commit, in: key.environment) ?? CommitProgress(bots: 0, reached: 0, failed: 0)
    }

    /// Once wide, always: a commit whose bots were moved on by newer ones keeps the contexts that it began with.
    private mutating func isWide(_ commit: CommitID) -> Bool {
        if fleet.wideCommits?.contains(commit) == true { return true }
        guard let count = tally?.bots(of: commit), count > CommitStatus.maxBotContexts else { return false }
        updateFleet { $0.wideCommits = (($0.wideCommits ?? []) + [commit]).suffix(Engine.maxWideCommits) }
        return true
    }
}
