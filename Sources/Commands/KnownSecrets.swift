import Documents
import Domain

/// The secrets of the configuration, to be taken out of what people wrote before it is kept: a token that was pasted into a
/// reason would otherwise stand in the state, in events, in notes and in the message of a commit.
struct KnownSecrets: Sendable {
    private let references: [SecretReference]
    private let secrets: any Secrets

    init(_ configuration: Configuration, _ secrets: any Secrets) {
        references = ConfigurationLoader.secrets(of: configuration).map(\.reference)
        self.secrets = secrets
    }

    /// Read anew each time, because files are rotated; what cannot be read now hides nothing.
    func values() async -> [String] {
        let found = try? await offPool { [references, secrets] in
            references.compactMap { try? secrets.read($0).reveal() }
        }
        return found ?? []
    }
}
