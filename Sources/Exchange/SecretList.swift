package import Domain
import NIOPosix

/// The secrets of one place: the first is current, a second one stands by during a rotation. They are read whenever they
/// are needed, so that a changed file counts at once.
package struct SecretList: Sendable {
    private let references: [SecretReference]
    private let secrets: any Secrets

    package init(_ references: [SecretReference], from secrets: any Secrets) {
        self.references = references
        self.secrets = secrets
    }

    /// Values without white space at their ends; those that cannot be read are left out. Files are read on a thread that
    /// may block.
    /// - Throws: `SecretProblem`, the first, where none can be read.
    package func read() async throws -> [String] {
        guard !references.isEmpty else { return [] }
        return try await NIOThreadPool.singleton.runIfActive { [references, secrets] in
            var values: [String] = []
            var first: SecretProblem?
            for reference in references {
                do throws(SecretProblem) {
                    values.append(trimmed(try secrets.read(reference).reveal()))
                } catch {
                    first = first ?? error
                }
            }
            if values.isEmpty, let first { throw first }
            return values
        }
    }
}

private func trimmed(_ text: String) -> String {
    let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0.isNewline }
    let start = text.drop(while: isSpace)
    guard let end = start.lastIndex(where: { !isSpace($0) }) else { return "" }
    return String(start[...end])
}
