import Foundation
import Support

/// `torment crash` kills the real binary at chosen system calls; `torment soak` lets it run among misfortunes. Both look at
/// what must hold from outside, and end with 1 where it does not.
@main
struct Torment {
    static let usage = """
        torment crash [--kills N] [--kills-a-world K] [--jobs J] [--seed S]
        torment soak [--minutes M] [--bots B] [--misfortunes SECONDS-OF-A-MINUTE] [--seed S]

        """

    static func main() async {
        var rest = Array(CommandLine.arguments.dropFirst())[...]
        let mode = rest.popFirst() ?? ""
        var numbers: [String: Int] = [:]
        while let name = rest.popFirst() {
            guard let value = rest.popFirst().flatMap({ Int($0) }) else { refuse() }
            numbers[name] = value
        }
        let seed = numbers["--seed"].map { UInt64($0) } ?? UInt64.random(in: 1...1_000_000)
        do {
            switch mode {
            case "crash":
                let crash = Crash(
                    kills: numbers["--kills"] ?? 25, killsAWorld: numbers["--kills-a-world"] ?? 12,
                    jobs: numbers["--jobs"] ?? 2, seed: seed)
                exit(try await crash.run() ? 0 : 1)
            case "soak":
                let soak = Soak(
                    minutes: numbers["--minutes"] ?? 15, bots: numbers["--bots"] ?? 20,
                    misfortuneSeconds: numbers["--misfortunes"] ?? 40, seed: seed)
                exit(try await soak.run() ? 0 : 1)
            default: refuse()
            }
        } catch {
            say("failed: \(error)")
            exit(1)
        }
    }

    private static func refuse() -> Never {
        FileHandle.standardError.write(Data(usage.utf8))
        exit(64)
    }
}

/// What must never be was, with what is needed to play it again.
struct Violation: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
}

/// A line at once, also where nobody sits at a terminal.
func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
