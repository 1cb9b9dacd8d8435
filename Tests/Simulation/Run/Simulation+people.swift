import Domain

/// People decide on what they see: the status as the process shows it.
extension Simulation {
    /// nil: there was nothing to decide.
    func decide(
        _ choice: Happening.Choice, _ process: RunningProcess
    ) -> (output: EngineOutput, Decision, CommitID?)? {
        guard let kind = kind(of: choice, process.engine) else { return nil }
        var mayOverrideTrust = true
        if case .approve(let may) = choice { mayOverrideTrust = may }
        let decision = Decision(kind, by: "Ada", reason: "because", mayOverrideTrust: mayOverrideTrust)
        switch process.engine.decide(decision, at: scene.now) {
        case .failure: return nil
        case .success(let (_, output)):
            var commit: CommitID?
            if case .approve(let text) = kind { commit = CommitID(text) }
            return (output, decision, commit)
        }
    }

    private func kind(of choice: Happening.Choice, _ engine: Engine) -> Decision.Kind? {
        func target(_ bot: Int?, _ platform: String?) -> Decision.SuspensionTarget {
            if let bot { return .named(world.bots[bot].name) }
            return platform.map { .named($0) } ?? .all
        }
        switch choice {
        case .release(let bot): return .release(world.bots[bot].name)
        case .releasePlatform(let name): return .release(name)
        case .waive(let bot, let one): return .waive(bot: world.bots[bot].name, one)
        case .suspend(let bot, let platform, let span): return .suspend(target(bot, platform), for: span)
        case .resume(let bot, let platform): return .resume(target(bot, platform))
        case .approve:
            let move = engine.moves.values.filter { $0.status != .approved }.max { $0.number < $1.number }
            return (engine.source.held?.head ?? move?.head).map { .approve(commit: $0.hex) }
        case .approveDrift(let platform): return .approveDrift(platform: platform)
        case .rollback(let bot, let version): return .rollbackWithoutGit(bot: world.bots[bot].name, version: version)
        case .enableSinks:
            return engine.sinks.values.filter { $0.disabled != nil }.map(\.name).min().map { .enableSink($0) }
        }
    }
}
