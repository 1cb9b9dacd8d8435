import ArgumentParser
import Domain
import Live
import Wire

/// What all decisions of people have in common: a reason, and one way to be carried out.
struct DecisionOptions: ParsableArguments {
    @OptionGroup var place: PlaceOptions

    @Option(help: ArgumentHelp("Why; it stands in the audit record.", valueName: "text"))
    var reason: String?

    static let maxReasonCharacters = 500

    func validate() throws {
        if let reason, reason.allSatisfy(\.isWhitespace) { throw ValidationError("`--reason` is empty: say why.") }
    }

    func requireReason(for what: String) throws {
        if reason == nil { throw ValidationError("`\(what)` needs `--reason TEXT`: it stands in the audit record.") }
    }

    /// For a server, which knows its secrets itself.
    var plainReason: String {
        UntrustedText.cleaned(reason ?? "", maxCharacters: DecisionOptions.maxReasonCharacters)
    }

    /// It is kept in records and notes, and in the message of a commit: without a secret of ours.
    func cleanReason(_ secrets: KnownSecrets) async -> String {
        UntrustedText.cleaned(
            reason ?? "", secrets: await secrets.values(), maxCharacters: DecisionOptions.maxReasonCharacters)
    }

    /// Prints what was done. Where there was nothing to do, that is said, and is no failure.
    func carryOut(_ kind: Decision.Kind, verb: String) async throws {
        let surroundings = Surroundings.current()
        if let server = try await place.remote(surroundings) {
            let decision = RemoteDecision(kind, reason: plainReason)
            let decided = try await server.closing {
                try await ProgressLine.showing("asking \(server.shown)", on: surroundings.console) { _ in
                    try await decision.carryOut(on: server)
                }
            }
            return show(decided, on: surroundings.console)
        }
        let loaded = try await place.configuration.load()
        let person = try await Person.current(surroundings)
        let secrets = KnownSecrets(loaded.configuration, SecretFiles(environment: surroundings.environment))
        let decision = Decision(kind, by: person.text, reason: await cleanReason(secrets))
        let session = try await Assembly.open(
            configuration: loaded.configuration, purpose: .act, verb: verb, selector: nil)
        let result: Result<Void, any Error>
        do { result = .success(try await decide(decision, session, surroundings.console)) } catch {
            result = .failure(error)
        }
        await session.close()
        try result.get()
    }

    /// Said as soon as it is stored: a remote or a sink that is away does not keep anybody waiting for the decision.
    private func decide(_ decision: Decision, _ session: Session, _ console: Console) async throws {
        do {
            console.out(try await session.decide(decision) + "\n")
        } catch let error as DecisionError where error.code == .nothingToDo {
            return console.note("ballast: \(error.message); nothing was changed")
        }
        try await ProgressLine.showing("writing it into the notes", on: console) { _ in try await session.report() }
    }

    func show(_ decided: DecidedShape, on console: Console) {
        if decided.changed { return console.out(decided.message + "\n") }
        console.note("ballast: \(decided.message); nothing was changed")
    }
}
