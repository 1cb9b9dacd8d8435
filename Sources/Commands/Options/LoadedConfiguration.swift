package import Documents
package import Domain
import Foundation
import Live

/// The configuration that a verb works with, and where it came from.
package struct LoadedConfiguration: Sendable {
    package var configuration: Configuration
    /// Absolute.
    package var path: String
    package var bytes: [UInt8]

    static let defaultName = "ballast.yaml"
    static let variable = "BALLAST_CONFIG"

    /// - Parameter given: `--config`.
    static func path(_ given: String?, _ surroundings: Surroundings) -> String {
        let named = given ?? surroundings.environment[variable].flatMap { $0.isEmpty ? nil : $0 }
        return surroundings.absolute(named ?? defaultName)
    }

    /// Reads file and variables.
    /// - Throws: `CommandFailure` where there is no file or it cannot be read, `Problems` for what is wrong in it.
    static func load(_ given: String?, _ surroundings: Surroundings) async throws -> LoadedConfiguration {
        let path = path(given, surroundings)
        let bytes = try await read(path, surroundings)
        let loaded = ConfigurationLoader.load(
            bytes: bytes, path: path, environment: surroundings.environment, zones: SystemTimeZones())
        do {
            return LoadedConfiguration(configuration: try loaded.get(), path: path, bytes: bytes)
        } catch {
            throw Problems(error.all.map { surroundings.shown($0) })
        }
    }

    private static func read(_ path: String, _ surroundings: Surroundings) async throws -> [UInt8] {
        do {
            return try await offPool { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }
        } catch {
            let isAbsent = !FileManager.default.fileExists(atPath: path)
            throw CommandFailure(
                .configuration,
                isAbsent
                    ? "there is no configuration at \(surroundings.shown(path))"
                    : "the configuration \(surroundings.shown(path)) cannot be read: \(error.localizedDescription)",
                remedy: "Run `ballast init`, or name a file with --config or \(variable).")
        }
    }

    /// Every secret and file that is named must be readable, and every key be one, before anything starts.
    func requireSecrets(_ secrets: any Secrets, _ surroundings: Surroundings) async throws {
        try await requireReadable(secrets, surroundings)
        _ = try await auditKeyring(secrets, surroundings)
    }

    func requireReadable(_ secrets: any Secrets, _ surroundings: Surroundings) async throws {
        let found = try await offPool { [self] in
            ConfigurationLoader.secretProblems(configuration, path: path, bytes: bytes, reader: secrets)
                + ConfigurationLoader.fileProblems(configuration, path: path, bytes: bytes) {
                    FileManager.default.isReadableFile(atPath: $0)
                }
        }
        if !found.isEmpty { throw Problems(found.map { surroundings.shown($0) }) }
    }
}

extension LoadedConfiguration {
    /// - Throws: `Problems` with the place where the configuration names a bad key.
    func auditKeyring(_ secrets: any Secrets, _ surroundings: Surroundings) async throws -> AuditKeyring {
        try await offPool { [self] in
            do { return try AuditKeyring.read(configuration.audit, secrets) } catch let problem as KeyringProblem {
                let found = ConfigurationLoader.problem(
                    with: problem.reference, problem.message, path: path, bytes: bytes)
                throw Problems([surroundings.shown(found)])
            }
        }
    }
}

extension Surroundings {
    func shown(_ problem: Problem) -> Problem {
        var problem = problem
        problem.path = shown(problem.path)
        return problem
    }
}

extension Configuration {
    /// How the documents of the repository are read.
    package var manifestDecoder: ManifestDecoder {
        ManifestDecoder(
            policyDefaults: policy.defaults, platforms: platforms.map(\.name), zones: SystemTimeZones())
    }
}
