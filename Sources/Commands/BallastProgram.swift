import ArgumentParser
import Glibc

/// The process: parses, runs one verb, prints what went wrong once, and ends with the status that `cli.md` gives it.
package enum BallastProgram {
    package static func main() async -> Never {
        OpenFiles.fillStandardStreams()
        // A reader that goes away ends the output, not a rollout.
        signal(SIGPIPE, SIG_IGN)
        // A file that reaches the limit of the process (RLIMIT_FSIZE) is an error of that write, like a full disk.
        signal(SIGXFSZ, SIG_IGN)
        if let failure = OpenFiles.failure() {
            Console.error(failure.text)
            exit(ExitStatus(failure.code).rawValue)
        }
        let arguments = Array(CommandLine.arguments.dropFirst())
        let work = Task { await run(arguments) }
        let interruption = Interruption { work.cancel() }
        var status = await work.value
        interruption.end()
        if let failure = Console.failure {
            Console.error(failure.text)
            status = ExitStatus(failure.code)
        }
        exit(status.rawValue)
    }

    static func run(_ arguments: [String]) async -> ExitStatus {
        do {
            var command = try await BallastCommand.asyncParseAsRoot(arguments)
            if var verb = command as? any AsyncParsableCommand {
                try await verb.run()
            } else {
                try command.run()
            }
            return .done
        } catch let ending as Ending {
            return ending.status
        } catch {
            return report(error)
        }
    }

    /// Errors of the parser carry help and usage; all others are classified.
    private static func report(_ error: any Error) -> ExitStatus {
        let code = BallastCommand.exitCode(for: error)
        if code == .success {
            Surroundings.current().console.out(ensuringLineEnd(BallastCommand.fullMessage(for: error)))
            return .done
        }
        if code == .validationFailure {
            Console.error(ensuringLineEnd(BallastCommand.fullMessage(for: error)))
            return .usage
        }
        let failure = CommandFailure(classifying: error)
        Console.error(failure.text)
        return ExitStatus(failure.code)
    }

    private static func ensuringLineEnd(_ text: String) -> String { text.hasSuffix("\n") ? text : text + "\n" }
}
