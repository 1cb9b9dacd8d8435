import ArgumentParser
import Domain
import Live
import Reconciler
import Wire

struct PlanCommand: AsyncParsableCommand {
    enum Format: String, CaseIterable, ExpressibleByArgument { case table, json, yaml, github }

    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Shows what a pass would do, and which guards would stop it; touches nothing.",
        discussion: """
            Ends with 0 where all bots are in sync, with 1 where desired and deployed differ anywhere or a manifest is bad.

            Examples:
              ballast plan
              ballast plan --commit feature/new-orders -o github
              ballast plan --detailed-exitcode; test $? -ne 1
              ballast plan --server http://127.0.0.1:8080
            """)

    @Option(help: ArgumentHelp("A commit, branch or tag that is not merged yet.", valueName: "rev"))
    var commit: String?

    @Flag(
        name: .customLong("detailed-exitcode"),
        help: "Ends with 0 (in sync), 1 (an error) or 2 (drift), as Terraform does.")
    var hasDetailedExitCode = false

    @Flag(name: .customLong("guards"), help: "Lists all guards with what was seen, not only those that stop a bot.")
    var showsGuards = false

    @OptionGroup var selection: SelectionOptions

    @Option(name: [.customShort("o"), .customLong("output")], help: "How to print it; github: annotations.")
    var format = Format.table

    @OptionGroup var place: PlaceOptions

    func run() async throws {
        let surroundings = Surroundings.current()
        do {
            let plan = try await plan(surroundings)
            try show(plan, surroundings.console)
            let status = PassStatus.of(plan: plan)
            try Ending.with(hasDetailedExitCode ? PassStatus.detailed(status, plan) : status)
        } catch let error where hasDetailedExitCode && !(error is Ending) {
            let failure = CommandFailure(classifying: error)
            Console.error(failure.text)
            throw Ending(failure.code == .unusable ? .findings : ExitStatus(failure.code))
        }
    }

    /// The server's, which knows the guards that live in a state; else made here.
    private func plan(_ surroundings: Surroundings) async throws -> PlanShape {
        guard let server = try await place.remote(surroundings) else { return try await planned(surroundings).plan }
        let query = commit.map { [(name: "commit", value: $0)] } ?? []
        let plan: PlanShape = try await server.closing {
            try await ProgressLine.showing("waiting for the server's plan", on: surroundings.console) { _ in
                try await server.get(["plan"], query: query, timeout: RemoteServer.longTimeout)
            }
        }
        return try plan.selected(try selection.selection())
    }

    private func planned(_ surroundings: Surroundings) async throws -> RunReport {
        let loaded = try await place.configuration.load()
        try await loaded.requireSecrets(SecretFiles(environment: surroundings.environment), surroundings)
        let selector = try selection.selection()
        let session = try await Assembly.open(
            configuration: loaded.configuration, purpose: .plan, verb: "plan", selector: selector,
            isFollowed: surroundings.console.errorIsTerminal)
        let report: Result<RunReport, any Error>
        do {
            report = .success(
                try await ProgressLine.showing("looking at repository and platforms", on: surroundings.console) { _ in
                    try await session.plan(commit: commit)
                })
        } catch {
            report = .failure(error)
        }
        await session.close()
        return try report.get().selected(selector)
    }

    private func show(_ plan: PlanShape, _ console: Console) throws {
        switch format {
        case .table: console.out(PlanText.text(plan, isWhole: showsGuards, colors: console.hasColors))
        case .json: console.out(try WireJSON.text(plan))
        case .yaml: console.out(try Printer.yaml(plan))
        case .github: console.out(GitHubText.plan(plan))
        }
        if format != .github { Console.error(ProblemText.lines(plan.problems)) }
        PassStatus.explain(plan.failure, plan.unreachablePlatforms, on: console)
        if format == .table, plan.failure == nil { console.note(PlanText.summary(plan)) }
    }
}
