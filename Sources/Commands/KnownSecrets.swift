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
            references.flatMap { (try? secrets.read($0))?.parts ?? [] }
        }
        return found ?? []
    }
}

extension Secret {
    /// Shorter ones stand in many harmless texts.
    private static let minLineCharacters = 20

    /// What must not be seen of it: the whole, and each line of a key that has several.
    var parts: [String] {
        let whole = reveal()
        let lines = whole.split(whereSeparator: \.isNewline).map(String.init)
        guard lines.count > 1 else { return [whole] }
        return [whole] + lines.filter { $0.count >= Self.minLineCharacters && !$0.hasPrefix("-----") }
    }
}
