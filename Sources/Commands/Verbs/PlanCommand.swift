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

    @OptionGroup var configuration: ConfigurationOption

    func run() async throws {
        let surroundings = Surroundings.current()
        do {
            let report = try await planned(surroundings)
            try show(report, surroundings.console)
            let status = PassStatus.of(plan: report)
            try Ending.with(hasDetailedExitCode ? PassStatus.detailed(status, report) : status)
        } catch let error where hasDetailedExitCode && !(error is Ending) {
            let failure = CommandFailure(classifying: error)
            Console.error(failure.text)
            throw Ending(failure.code == .unusable ? .findings : ExitStatus(failure.code))
        }
    }

    private func planned(_ surroundings: Surroundings) async throws -> RunReport {
        let loaded = try await configuration.load()
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

    private func show(_ report: RunReport, _ console: Console) throws {
        let shape = PlanShape(
            commit: report.commit, branch: report.branch, bots: report.bots, problems: report.problems)
        switch format {
        case .table: console.out(PlanText.text(report, isWhole: showsGuards, colors: console.hasColors))
        case .json: console.out(try WireJSON.text(shape))
        case .yaml: console.out(try Printer.yaml(shape))
        case .github: console.out(GitHubText.plan(report))
        }
        if format != .github { Console.error(ProblemText.lines(report.problems)) }
        PassStatus.explain(report, on: console)
        if format == .table, report.failure == nil { console.note(PlanText.summary(report)) }
    }
}
