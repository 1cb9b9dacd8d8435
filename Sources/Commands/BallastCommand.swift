import ArgumentParser

/// `ballast`: all verbs.
struct BallastCommand: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "ballast",
        abstract: "Keeps deployed bots on the version that git says.",
        discussion: """
            Manifests in a git repository name the version that each bot serves. Ballast compares them with the platform and \
            rolls what differs: guarded, verified, failed over where it must, and recorded beside the commit that asked \
            for it.

            Begin with `ballast init`, look with `ballast plan`, act with `ballast reconcile`.

            Exit status: 0 in sync or done, 1 drift or findings or a rollout that did not succeed, 2 the remote, a whole \
            platform or the state could not be used, 64 wrong usage, 78 wrong configuration.
            """,
        version: version,
        subcommands: [
            InitCommand.self, ImportCommand.self, ValidateCommand.self, PlanCommand.self, ReconcileCommand.self,
            ServeCommand.self, StatusCommand.self, HistoryCommand.self, ShowCommand.self, TraceCommand.self,
            RollbackCommand.self,
            ApproveCommand.self, ReleaseCommand.self, WaiveCommand.self, SuspendCommand.self, ResumeCommand.self,
            AuditCommand.self, NotificationsCommand.self, ReportCommand.self, StateCommand.self, SchemaCommand.self,
            DoctorCommand.self,
            DemoCommand.self,
        ])

    static var _errorPrefix: String { "ballast: " }
}
