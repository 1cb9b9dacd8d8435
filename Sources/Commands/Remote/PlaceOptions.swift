import ArgumentParser
import Domain
import Exchange
import Live

/// Who answers a verb: the server that owns the state, or the state itself.
struct PlaceOptions: ParsableArguments {
    static let serverVariable = "BALLAST_SERVER"
    static let tokenVariable = "BALLAST_TOKEN_FILE"
    static let authorityVariable = "BALLAST_CA_FILE"

    @Option(
        help: ArgumentHelp(
            "Asks the `ballast serve` at this address (default: $BALLAST_SERVER); no configuration is read then.",
            valueName: "url"))
    var server: String?

    @Option(
        help: ArgumentHelp(
            "With --server: holds the token (default: $BALLAST_TOKEN_FILE).", valueName: "file"),
        completion: .file())
    var tokenFile: String?

    @Option(
        help: ArgumentHelp(
            "With --server: PEM certificates to trust beside the system's (default: $BALLAST_CA_FILE).",
            valueName: "file"),
        completion: .file())
    var caFile: String?

    @OptionGroup var configuration: ConfigurationOption

    func validate() throws {
        if let server {
            do { _ = try WebAddress(server, allowsQuery: false) } catch {
                throw ValidationError("`--server`: \(error.description)")
            }
        }
    }

    /// What is named on the command line outranks what a variable names.
    func address(_ environment: [String: String]) throws -> WebAddress? {
        let named = configuration.path == nil ? environment[Self.serverVariable] : nil
        guard let text = server ?? named, !text.isEmpty else { return nil }
        do { return try WebAddress(text, allowsQuery: false) } catch {
            throw CommandFailure(.usage, "\(Self.serverVariable): \(error.description)")
        }
    }

    /// nil: no server is named, so the state is opened directly.
    /// - Throws: `CommandFailure` for a token or certificates that cannot be read.
    func remote(_ surroundings: Surroundings) async throws -> RemoteServer? {
        guard let address = try address(surroundings.environment) else { return nil }
        let path = Self.file(tokenFile, Self.tokenVariable, surroundings)
        let token = try await offPool {
            do {
                return try path.map { try SecretFiles(environment: [:]).read(.file(path: $0)) }
            } catch let problem as SecretProblem {
                throw CommandFailure(
                    .unusable, problem.message,
                    remedy: "Name the token's file with --token-file or \(Self.tokenVariable).")
            }
        }
        do {
            return try RemoteServer(
                address, token: token, tokenPath: path.map { surroundings.shown($0) },
                caFile: Self.file(caFile, Self.authorityVariable, surroundings))
        } catch {
            throw CommandFailure(.unusable, error.description)
        }
    }

    private static func file(_ given: String?, _ variable: String, _ surroundings: Surroundings) -> String? {
        let named = surroundings.environment[variable].flatMap { $0.isEmpty ? nil : $0 }
        return (given ?? named).map { surroundings.absolute($0) }
    }

    /// Runs `body` with whoever answers.
    func ask<Value>(_ body: (any Answers) async throws -> Value) async throws -> Value {
        let surroundings = Surroundings.current()
        if let server = try await remote(surroundings) {
            return try await server.closing {
                try await body(ServerAnswers(server: server, console: surroundings.console))
            }
        }
        return try await body(try await StateAnswers.open(try await configuration.load().configuration))
    }
}
