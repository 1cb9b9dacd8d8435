package import Domain

/// What a run found and did.
package struct RunReport: Sendable {
    package var commit: CommitID?
    package var branch: String
    package var bots: [BotReport]
    package var rollouts: [Rollout]
    package var problems: [Problem]
    /// The repository could not be read; the last accepted commit was worked with.
    package var failure: String?
    package var unreachablePlatforms: [String]

    package init(_ engine: Engine) {
        commit = engine.source.accepted
        branch = engine.settings.source.branch
        bots = engine.reports()
        rollouts = engine.ended + engine.machines.values.map(\.rollout).sorted { $0.id < $1.id }
        problems = engine.problems()
        failure = engine.sourceFailure?.message
        unreachablePlatforms = engine.platforms.values.compactMap { $0.unreachable == nil ? nil : $0.name }.sorted()
    }
}

/// The cron and CI form: one pass, what follows from it, then the reports.
extension Reconciler {
    /// Before it exits, a one-shot tries due events and the notes once, for so long in all.
    static let lastTries = Span.seconds(15)

    /// - Parameter wait: for guards and jobs; what is not done then goes on in the next run.
    package func reconcile(
        wait: Span, told: @escaping @Sendable (RunProgress) -> Void
    ) async throws -> RunReport {
        let pass = Phase(limit: nil) { engine, _ in engine.passCount > 0 && !engine.isPassing }
        let work = Phase(limit: wait) { engine, _ in engine.isQuiet }
        let ends = try await run([pass, work, reports], told: told)
        return RunReport(ends.dropLast().last ?? engine)
    }

    /// After a decision: its event and its note are tried once, so that they are beside the commit when the verb ends.
    package func report() async throws { _ = try await run([reports], starts: false) }

    /// What stays goes on in the next run and does not change the exit status.
    var reports: Phase {
        Phase(first: .hurry, limit: Reconciler.lastTries) { engine, _ in
            engine.deliveriesInFlight == 0 && !engine.areNotesBusy && !engine.hasDueDelivery
                && (engine.areNotesIdle || engine.notesFailure != nil)
        }
    }

    /// Observes and judges; nothing is stored, sent or changed.
    package func plan() async throws -> RunReport {
        let phase = Phase(limit: nil) { engine, _ in engine.passCount > 0 && engine.isQuiet }
        let end = try await run([phase]).last
        try Task.checkCancellation()
        return RunReport(end ?? engine)
    }
}
