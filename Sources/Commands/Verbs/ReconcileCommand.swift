import ArgumentParser
import Domain
import Live
import Reconciler
import Wire

struct ReconcileCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile",
        abstract: "Makes the platforms agree with git: one pass, then exits.",
        discussion: """
            The form for cron and pipelines. Finishes what an earlier run left, then acts. What is not done when --wait has \
            passed goes on in the next run. Ends with 0 only where every selected bot is in sync, or is left alone by a \
            decision.

            Examples:
              ballast reconcile
              ballast reconcile --bot order-support --wait 30m
              ballast reconcile --selector team=orders -o json
            """)

    @Option(help: ArgumentHelp("How long to wait for guards and jobs, such as 30s or 1h30m.", valueName: "duration"))
    var wait = DurationArgument(.minutes(15))

    @OptionGroup var selection: SelectionOptions
    @OptionGroup var output: OutputOption
    @OptionGroup var configuration: ConfigurationOption

    func run() async throws {
        let surroundings = Surroundings.current()
        let loaded = try await configuration.load()
        try await loaded.requireSecrets(SecretFiles(environment: surroundings.environment), surroundings)
        let selector = try selection.selection()
        let session = try await Assembly.open(
            configuration: loaded.configuration, purpose: .act, verb: "reconcile", selector: selector,
            isFollowed: surroundings.console.errorIsTerminal)
        let result = await Pass.follow(session, wait: wait.span, on: surroundings.console)
        await session.tidyUp()
        await session.close()
        let report = try await Pass.report(result, state: loaded.configuration.state).selected(selector)
        let shape = ReconcileShape(
            commit: report.commit, rollouts: report.rollouts, bots: report.bots, problems: report.problems)
        try Printer(console: surroundings.console, format: output.format).print(shape) {
            ReconcileText.text(report, colors: $0)
        }
        Console.error(ProblemText.lines(report.problems))
        PassStatus.explain(report, on: surroundings.console)
        if Task.isCancelled { throw Pass.interrupted(report.rollouts) }
        try Ending.with(PassStatus.of(reconcile: report))
    }
}
