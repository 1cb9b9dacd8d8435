import Dispatch
import Foundation

/// What a program printed and how it ended.
struct ToolResult: Sendable {
    var status: Int32
    var output: Data
    var errors: String

    var text: String { String(decoding: output, as: UTF8.self).trimmingCharacters(in: .newlines) }
    var lines: [String] { text.split(separator: "\n").map(String.init) }
}

struct ToolFailure: Error, CustomStringConvertible {
    var description: String
}

/// Runs programs, as oracles and as servers. Nothing of this machine's git configuration reaches them.
enum Tool {
    static let environment = [
        "PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null",
        "GIT_CONFIG_NOSYSTEM": "1", "HOME": "/nonexistent", "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0",
        "GIT_AUTHOR_NAME": "Ann", "GIT_AUTHOR_EMAIL": "ann@example.org", "GIT_COMMITTER_NAME": "Carl",
        "GIT_COMMITTER_EMAIL": "carl@example.org",
    ]

    static func exists(_ path: String) -> Bool { FileManager.default.isExecutableFile(atPath: path) }

    static func process(_ path: String, _ arguments: [String], in folder: String?, _ more: [String: String]) -> Process
    {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = environment.merging(more) { $1 }
        if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
        return process
    }

    /// Runs to the end, off the cooperative pool.
    static func run(
        _ path: String, _ arguments: [String], in folder: String? = nil, input: Data = Data(),
        environment: [String: String] = [:]
    ) async throws -> ToolResult {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                do {
                    let process = process(path, arguments, in: folder, environment)
                    let (stdin, stdout, stderr) = (Pipe(), Pipe(), Pipe())
                    process.standardInput = stdin
                    process.standardOutput = stdout
                    process.standardError = stderr
                    try process.run()
                    DispatchQueue.global().async {
                        try? stdin.fileHandleForWriting.write(contentsOf: input)
                        try? stdin.fileHandleForWriting.close()
                    }
                    let group = DispatchGroup()
                    nonisolated(unsafe) var errors = Data()  // Read only after the group is done.
                    DispatchQueue.global().async(group: group) {
                        errors = stderr.fileHandleForReading.readDataToEndOfFile()
                    }
                    let output = stdout.fileHandleForReading.readDataToEndOfFile()
                    group.wait()
                    process.waitUntilExit()
                    continuation.resume(
                        returning: ToolResult(
                            status: process.terminationStatus, output: output,
                            errors: String(decoding: errors, as: UTF8.self)))
                } catch {
                    continuation.resume(throwing: error)
                }
            }
        }
    }

    /// Runs git and throws where it fails.
    @discardableResult
    static func git(
        _ arguments: [String], in folder: String, input: Data = Data(), environment: [String: String] = [:]
    ) async throws -> ToolResult {
        let result = try await run("/usr/bin/git", arguments, in: folder, input: input, environment: environment)
        guard result.status == 0 else {
            throw ToolFailure(description: "git \(arguments.joined(separator: " ")): \(result.errors)")
        }
        return result
    }
}

/// A folder that goes away with the value.
final class Scratch: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/ballast-git-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

    func write(_ text: String, to name: String) throws {
        let url = URL(fileURLWithPath: self(name))
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }
}

/// Waits for something to become true, at most `seconds`.
func eventually(within seconds: Double = 10, _ condition: () async throws -> Bool) async throws -> Bool {
    let end = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < end {
        if try await condition() { return true }
        try await Task.sleep(for: .milliseconds(10))
    }
    return try await condition()
}
