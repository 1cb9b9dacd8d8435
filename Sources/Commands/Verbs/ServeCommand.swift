import ArgumentParser
import Domain
import Live

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "The daemon: looks and acts by itself, and answers over HTTP.",
        discussion: """
            Looks at the repository every `source.interval` and when a webhook says so, observes all bots every \
            `reconcile.interval`, and goes on where an earlier process stopped. SIGTERM ends it within 10 s, with 0; what is \
            sent runs on and is adopted by the next start. SIGHUP reads the configuration again.

            Examples:
              ballast serve --config /etc/ballast/ballast.yaml
              curl http://127.0.0.1:8080/readyz
            """)

    @OptionGroup var configuration: ConfigurationOption

    func run() async throws {
        let surroundings = Surroundings.current()
        let option = configuration
        let load: @Sendable () async throws -> LoadedConfiguration = {
            let loaded = try await option.load()
            try await loaded.requireSecrets(SecretFiles(environment: surroundings.environment), surroundings)
            return loaded
        }
        let loaded = try await load()
        try await ServeProcess(
            loaded: loaded, load: load, manager: ServiceManager(environment: surroundings.environment)
        ).run()
    }
}
