import Subprocess
import SystemPackage

/// What a process left behind.
package struct ProcessOutput: Sendable, CustomStringConvertible {
    /// `nil` where a signal ended it.
    package let exitCode: Int32?
    package let signal: Int32?
    package let standardOutput: String
    package let standardError: String

    package var succeeded: Bool { exitCode == 0 }

    package var description: String {
        let end = exitCode.map { "exit \($0)" } ?? "signal \(signal ?? 0)"
        return "\(end)\n--- standard output\n\(standardOutput)\n--- standard error\n\(standardError)"
    }
}

/// A process that could not be run to its end, or that `check` found to have failed.
package struct ProcessFailure: Error, CustomStringConvertible {
    package enum Code: Sendable { case timedOut, failed }

    package let code: Code
    package let command: String
    package let detail: String

    package var description: String { "\(command): \(detail)" }
}

/// Limits on one process that a test runs.
package enum ProcessLimits {
    /// More output than this makes the run throw.
    package static let maxOutputBytes = 64 * 1024 * 1024
    package static let defaultTimeout = Duration.seconds(60)
}

/// Runs a program to its end with captured output.
/// - Parameters:
///   - executable: A path, or a name to look up in `PATH`.
///   - environment: Replaces the inherited variables where given; `nil` values are removed from what is inherited.
///   - input: Sent to the standard input, which is closed afterwards.
///   - timeout: Afterwards the process is killed and the call throws `ProcessFailure` with `timedOut`.
package func runProcess(
    _ executable: String, _ arguments: [String] = [], environment: [String: String?] = [:],
    inheritEnvironment: Bool = true, in folder: String? = nil, input: String = "",
    timeout: Duration = ProcessLimits.defaultTimeout
) async throws -> ProcessOutput {
    let command = ([executable] + arguments).joined(separator: " ")
    return try await withTimeLimit(timeout, named: command) {
        var options = PlatformOptions()
        options.teardownSequence = [.send(signal: .kill, allowedDurationToNextStep: .zero)]
        let result = try await Subprocess.run(
            executable.contains("/") ? .path(FilePath(executable)) : .name(executable),
            arguments: Arguments(arguments), environment: variables(environment, inherit: inheritEnvironment),
            workingDirectory: folder.map { FilePath($0) }, platformOptions: options, input: .string(input),
            output: .string(limit: ProcessLimits.maxOutputBytes), error: .string(limit: ProcessLimits.maxOutputBytes))
        let ending = ending(of: result.terminationStatus)
        return ProcessOutput(
            exitCode: ending.exitCode, signal: ending.signal, standardOutput: result.standardOutput,
            standardError: result.standardError)
    }
}

/// Like `runProcess`, but a status other than 0 throws, with what was printed.
@discardableResult
package func checkProcess(
    _ executable: String, _ arguments: [String] = [], environment: [String: String?] = [:],
    inheritEnvironment: Bool = true, in folder: String? = nil, input: String = "",
    timeout: Duration = ProcessLimits.defaultTimeout
) async throws -> ProcessOutput {
    let output = try await runProcess(
        executable, arguments, environment: environment, inheritEnvironment: inheritEnvironment, in: folder,
        input: input, timeout: timeout)
    guard output.succeeded else {
        let command = ([executable] + arguments).joined(separator: " ")
        throw ProcessFailure(code: .failed, command: command, detail: output.description)
    }
    return output
}

/// Runs `work` and cancels it when `limit` has passed.
/// - Throws: `ProcessFailure` with `timedOut`, or what `work` threw.
package func withTimeLimit<Value: Sendable>(
    _ limit: Duration, named name: String, _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value?.self) { group in
        group.addTask { try await work() }
        group.addTask {
            try await Task.sleep(for: limit)
            return nil
        }
        defer { group.cancelAll() }
        guard let first = try await group.next(), let value = first else {
            throw ProcessFailure(code: .timedOut, command: name, detail: "no end within \(limit)")
        }
        return value
    }
}

private func variables(_ changes: [String: String?], inherit: Bool) -> Environment {
    if inherit {
        var updates: [Environment.Key: String?] = [:]
        for (name, value) in changes {
            if let key = Environment.Key(rawValue: name) { updates[key] = .some(value) }
        }
        return .inherit.updating(updates)
    }
    var whole: [Environment.Key: String] = [:]
    for (name, value) in changes {
        if let key = Environment.Key(rawValue: name), let value { whole[key] = value }
    }
    return .custom(whole)
}

private func ending(of status: TerminationStatus) -> (exitCode: Int32?, signal: Int32?) {
    switch status {
    case .exited(let code): (code, nil)
    case .signaled(let number): (nil, number)
    }
}
