import Domain
import Foundation

/// Who is at the command line, for records and commits.
struct Person: Hashable, Sendable {
    var name: String
    var email: String

    /// `Name <email>`.
    var text: String { "\(name) <\(email)>" }
    var gitPerson: GitPerson { GitPerson(name: name, email: email) }

    /// What git would write: its variables, then its configuration in the working folder, then the user of the system.
    static func current(_ surroundings: Surroundings) async throws -> Person {
        let user = surroundings.environment["USER"] ?? surroundings.environment["LOGNAME"] ?? "unknown"
        let folder = surroundings.folder
        let configured = try await offPool {
            ["user.name", "user.email"].map { GitCommand.line(["config", "--get", $0], in: folder) }
        }
        let name = surroundings.environment["GIT_AUTHOR_NAME"] ?? configured[0] ?? user
        let email =
            surroundings.environment["GIT_AUTHOR_EMAIL"] ?? configured[1]
            ?? "\(user)@\(ProcessInfo.processInfo.hostName)"
        return Person(name: cleaned(name, else: user), email: cleaned(email, else: user))
    }

    static let maxCharacters = 120

    private static func cleaned(_ text: String, else other: String) -> String {
        let plain = UntrustedText.cleaned(text, maxCharacters: maxCharacters).filter { $0 != "<" && $0 != ">" }
            .trimmingCharacters(in: .whitespaces)
        return plain.isEmpty ? other : plain
    }
}
