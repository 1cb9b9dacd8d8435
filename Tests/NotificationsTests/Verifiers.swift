import Foundation
import Support

/// Independent judges of what is sent: packages from PyPI. `deploy/test` installs them into `.build/verifiers`; where they
/// are not, the tests that need them are skipped by name.
enum Verifiers {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path(percentEncoded: false)

    static let python: String = {
        let own = "\(root)/.build/verifiers/bin/python3"
        return FileManager.default.isExecutableFile(atPath: own) ? own : "python3"
    }()

    static let standardWebhooks = has("standardwebhooks")
    static let cloudEvents = has("cloudevents.core.bindings.http")
    static let schemas = has("jsonschema, referencing")
    static let slack = has("slack_sdk.models.blocks")
    static let cryptography = has("cryptography.hazmat.primitives.asymmetric.ed25519")

    private static func has(_ modules: String) -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [python, "-c", "import \(modules)"]
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    /// What the script prints; a script that fails is an error with its words.
    static func run(_ script: String, _ arguments: [String] = [], input: [UInt8] = []) async throws -> String {
        try await checkProcess(
            python, ["-c", script] + arguments, input: String(decoding: input, as: UTF8.self)
        ).standardOutput
    }
}
