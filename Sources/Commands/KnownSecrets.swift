import Documents
import Domain

/// The secrets of the configuration, to be taken out of what people and remotes wrote before it is kept or shown: a token
/// that was pasted into a commit message would otherwise stand in the state, in events and in notes.
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

/// A source whose texts hold no secret of ours.
struct SecretFreeSource: DesiredState {
    let source: any DesiredState
    let secrets: KnownSecrets

    func look() async -> Answered<RemoteHead> { await cleaned(await source.look()) { answer, _ in answer } }

    func read(head: CommitID, since accepted: CommitID?, everything: Bool) async -> Answered<Reading> {
        await cleaned(await source.read(head: head, since: accepted, everything: everything), Self.cleaned)
    }

    func resolve(_ revision: String) async -> Answered<CommitID> {
        await cleaned(await source.resolve(revision)) { answer, _ in answer }
    }

    private func cleaned<Value>(
        _ answer: Answered<Value>, _ clean: (Value, [String]) -> Value
    ) async -> Answered<Value> {
        let values = await secrets.values()
        switch answer {
        case .value(let value): return .value(clean(value, values))
        case .failed(var failure):
            failure.message = UntrustedText.hiding(values, in: failure.message)
            return .failed(failure)
        }
    }

    private static func cleaned(_ reading: Reading, _ secrets: [String]) -> Reading {
        var reading = reading
        for position in reading.commits.indices {
            hide(secrets, in: &reading.commits[position].author)
            hide(secrets, in: &reading.commits[position].committer)
            hide(secrets, in: &reading.commits[position].message)
        }
        for position in reading.changes.indices {
            switch reading.changes[position].content {
            case .removed: break
            case .unreadable(var problem):
                hide(secrets, in: &problem.message)
                reading.changes[position].content = .unreadable(problem)
            case .file(let documents):
                reading.changes[position].content = .file(documents.map { cleaned($0, secrets) })
            }
        }
        return reading
    }

    /// What a manifest names is deployed as it is; what is said about it is not repeated with a secret in it.
    private static func cleaned(_ document: DocumentReading, _ secrets: [String]) -> DocumentReading {
        var document = document
        hide(secrets, in: &document.provenance.author)
        hide(secrets, in: &document.provenance.committer)
        hide(secrets, in: &document.provenance.message)
        if case .problems(var problems, let name, let key) = document.outcome {
            for position in problems.indices { hide(secrets, in: &problems[position].message) }
            document.outcome = .problems(problems, name: name, key: key)
        }
        return document
    }

    private static func hide(_ secrets: [String], in text: inout String) {
        text = UntrustedText.hiding(secrets, in: text)
    }
}
