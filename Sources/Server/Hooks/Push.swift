/// What a push webhook says happened. It only asks for a look: no commit of it is ever deployed.
struct Push: Hashable, Sendable {
    struct Reference: Hashable, Sendable {
        /// Whole: `refs/heads/main`.
        var name: String
        var isDeleted: Bool
    }

    var addresses: [String] = []
    /// `team/bots`, where the payload has it.
    var fullName: String?
    var references: [Reference] = []
}

/// What one delivery of a provider is.
enum HookContent: Hashable, Sendable {
    case push(Push)
    /// A signed body that asks for a look, whatever it says.
    case ask
    /// Answered with 200 and nothing done; for people, why.
    case ignored(String)
}

/// The body is not what the provider sends.
struct HookFault: Error, Hashable, Sendable {
    var message: String
}

/// Names of headers in lower case; of several, the first.
struct HookHeaders: Sendable {
    private var values: [String: String] = [:]

    init(_ pairs: [(name: String, value: String)]) {
        for pair in pairs where values[pair.name.lowercased()] == nil { values[pair.name.lowercased()] = pair.value }
    }

    /// nil where it is absent or empty: some senders send an empty signature where they have no secret.
    subscript(name: String) -> String? { values[name].flatMap { $0.isEmpty ? nil : $0 } }
}
