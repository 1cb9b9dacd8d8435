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
              ballast reconcile --server http://127.0.0.1:8080 --token-file token
            """)

    @Option(help: ArgumentHelp("How long to wait for guards and jobs, such as 30s or 1h30m.", valueName: "duration"))
    var wait = DurationArgument(.minutes(15))

    @OptionGroup var selection: SelectionOptions
    @OptionGroup var output: OutputOption
    @OptionGroup var place: PlaceOptions

    func run() async throws {
        let surroundings = Surroundings.current()
        let report: ReconcileShape
        if let server = try await place.remote(surroundings) {
            report = try await server.closing { try await ask(server, surroundings.console) }
        } else {
            report = try await act(surroundings)
        }
        try Printer(console: surroundings.console, format: output.format).print(report) {
            ReconcileText.text(report, colors: $0)
        }
        Console.error(ProblemText.lines(report.problems))
        PassStatus.explain(report.failure, report.unreachablePlatforms, on: surroundings.console)
        if Task.isCancelled { throw Pass.interrupted(open: report.openNames, onServer: false) }
        try Ending.with(PassStatus.of(reconcile: report))
    }

    /// Here, with the state in hand.
    private func act(_ surroundings: Surroundings) async throws -> ReconcileShape {
        let loaded = try await place.configuration.load()
        try await loaded.requireSecrets(SecretFiles(environment: surroundings.environment), surroundings)
        let selector = try selection.selection()
        let session = try await Assembly.open(
            configuration: loaded.configuration, purpose: .act, verb: "reconcile", selector: selector,
            isFollowed: surroundings.console.errorIsTerminal)
        let result = await Pass.follow(session, wait: wait.span, on: surroundings.console)
        await session.tidyUp()
        await session.close()
        return try await Pass.report(result, state: loaded.configuration.state).selected(selector).reconciled
    }

    /// By the server, whose pass is one of all bots; what is waited for and shown are the selected ones.
    private func ask(_ server: RemoteServer, _ console: Console) async throws -> ReconcileShape {
        let asked: QueuedShape = try await server.post(["reconcile"], [:])
        return try await RemotePass.follow(
            asked.id, on: server, selector: try selection.selection(), wait: wait.span, console: console)
    }
}
