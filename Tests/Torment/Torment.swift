import Foundation
import Support

/// `torment crash` kills the real binary at chosen system calls; `torment soak` lets it run among misfortunes. Both look at
/// what must hold from outside, and end with 1 where it does not.
@main
struct Torment {
    static let usage = """
        torment crash [--kills N] [--kills-a-world K] [--jobs J] [--seed S] [--plan 'CALL N,CALL N,...']
        torment soak [--minutes M] [--bots B] [--misfortunes SECONDS-OF-A-MINUTE] [--seed S]

        """

    static let names = [
        "crash": ["--kills", "--kills-a-world", "--jobs", "--seed"],
        "soak": ["--minutes", "--bots", "--misfortunes", "--seed"],
    ]

    static func main() async {
        var rest = Array(CommandLine.arguments.dropFirst())[...]
        let mode = rest.popFirst() ?? ""
        var numbers: [String: Int] = [:]
        var plan: String?
        while let name = rest.popFirst() {
            guard let value = rest.popFirst() else { refuse() }
            if name == "--plan" {
                plan = value
            } else if names[mode]?.contains(name) == true, let number = Int(value), number >= 0 {
                numbers[name] = number
            } else {
                refuse()
            }
        }
        let seed = numbers["--seed"].map { UInt64($0) } ?? UInt64.random(in: 1...1_000_000)
        do {
            switch mode {
            case "crash":
                let crash = Crash(
                    kills: numbers["--kills"] ?? 25, killsAWorld: numbers["--kills-a-world"] ?? 12,
                    jobs: numbers["--jobs"] ?? 2, seed: seed, plan: try plan.map { try KillPlan(text: $0) })
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
