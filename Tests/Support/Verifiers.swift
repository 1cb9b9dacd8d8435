import Foundation

/// Independent judges of what is sent and answered: packages from PyPI. `deploy/test` installs them into `.build/verifiers`;
/// where they are not, the tests that need them are skipped by name.
package enum Verifiers {
    /// The checkout, with a slash at its end.
    package static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path(percentEncoded: false)

    /// The interpreter that has them.
    package static let python: String = {
        let own = "\(root)/.build/verifiers/bin/python3"
        return FileManager.default.isExecutableFile(atPath: own) ? own : "python3"
    }()

    /// - Parameter modules: as `import` takes them.
    package static func has(_ modules: String) -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [python, "-c", "import \(modules)"]
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    /// What the script prints; a script that fails is an error with its words.
    package static func run(_ script: String, _ arguments: [String] = [], input: [UInt8] = []) async throws -> String {
        try await checkProcess(
            python, ["-c", script] + arguments, input: String(decoding: input, as: UTF8.self)
        ).standardOutput
    }
}
