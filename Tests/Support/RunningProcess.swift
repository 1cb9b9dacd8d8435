import Subprocess
import SystemPackage

/// A program that runs while a test does something, such as a server.
package struct RunningProcess: Sendable {
    package let pid: Int32
}

/// How long a process may take to end after SIGTERM before it is killed: what a server promises.
private let endingLimit = Duration.seconds(10)

/// Runs a program while `body` runs, then asks it to end (SIGTERM) and waits for that.
/// - Parameter logPath: gets what it prints on either stream, while it prints it.
/// - Returns: the exit status; nil where a signal ended it.
package func withProcess<Result: Sendable>(
    _ executable: String, _ arguments: [String], environment: [String: String?] = [:], in folder: String,
    logPath: String, _ body: (RunningProcess) async throws -> Result
) async throws -> (result: Result, exitCode: Int32?) {
    let log = try FileDescriptor.open(
        FilePath(logPath), .writeOnly, options: [.create, .append], permissions: .ownerReadWrite)
    defer { try? log.close() }
    let outcome = try await Subprocess.run(
        .path(FilePath(executable)), arguments: Arguments(arguments), environment: changed(environment),
        workingDirectory: FilePath(folder), input: .none,
        output: .fileDescriptor(log, closeAfterSpawningProcess: false),
        error: .fileDescriptor(log, closeAfterSpawningProcess: false)
    ) { execution in
        let result: Swift.Result<Result, any Error>
        do {
            result = .success(try await body(RunningProcess(pid: execution.processIdentifier.value)))
        } catch {
            result = .failure(error)
        }
        await execution.teardown(using: [.send(signal: .terminate, allowedDurationToNextStep: endingLimit)])
        return result
    }
    let exitCode: Int32? = if case .exited(let code) = outcome.terminationStatus { code } else { nil }
    return (try outcome.closureResult.get(), exitCode)
}

private func changed(_ changes: [String: String?]) -> Environment {
    var updates: [Environment.Key: String?] = [:]
    for (name, value) in changes {
        if let key = Environment.Key(rawValue: name) { updates[key] = .some(value) }
    }
    return .inherit.updating(updates)
}
