import Foundation
import Support

/// Runs the built `ballast` in a folder, with nothing of this machine's configuration.
struct BallastRun: Sendable {
    var folder: String
    var environment: [String: String?] = [:]

    @discardableResult
    func callAsFunction(_ arguments: String..., input: String = "") async throws -> ProcessOutput {
        try await run(arguments, input: input)
    }

    func run(_ arguments: [String], input: String = "") async throws -> ProcessOutput {
        try await runProcess(
            try BuiltProducts.ballast(), arguments, environment: variables, in: folder, input: input)
    }

    /// Nothing of this machine's, and Carol at the keyboard.
    var variables: [String: String?] {
        var variables = GitFixture.environment
        for name in ProcessInfo.processInfo.environment.keys where name.hasPrefix("BALLAST_") {
            variables[name] = .some(nil)
        }
        variables["GIT_AUTHOR_NAME"] = "Carol"
        variables["GIT_AUTHOR_EMAIL"] = "carol@example.com"
        variables.merge(environment) { _, own in own }
        return variables
    }

    /// The members of what a verb prints with `-o json`.
    func json(_ arguments: String...) async throws -> [String: Any] {
        let output = try await run(arguments + ["-o", "json"])
        guard let value = try? JSONSerialization.jsonObject(with: Data(output.standardOutput.utf8)) else {
            throw NoJSON(arguments: arguments, output: "\(output)")
        }
        return value as? [String: Any] ?? [:]
    }
}

/// A verb printed something else: what it said in its place.
struct NoJSON: Error {
    var arguments: [String]
    var output: String
}

enum Sample {
    static func manifest(_ name: String = "order-support", bot: String = "bot_12345", version: String) -> String {
        """
        apiVersion: ballast/v1
        kind: BotVersion
        metadata:
          name: \(name)
          labels: {team: orders}
        spec:
          botId: \(bot)
          environment: PRODUCTION
          version: \(version)
          verify:
            - message: I need help with my order
              intent: order_support
              minConfidence: 0.85

        """
    }

    /// A configuration that reaches nothing.
    static let offline = """
        source: {url: nowhere.git, path: bots, timeout: 2s}
        platforms:
          - {name: default, kind: v1, url: "http://127.0.0.1:1", apiKey: {file: key}}

        """
}
