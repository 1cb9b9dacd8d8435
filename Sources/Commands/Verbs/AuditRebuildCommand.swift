import ArgumentParser
import Audit
import Domain
import Store

struct AuditRebuildCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild",
        abstract: "Writes log and notes again from the state, after the trail was found broken.",
        discussion: """
            The log is set aside under another name, never deleted, and written again; notes are given the records that they \
            lack, and lose no line. Lines that are no records of this state are disowned by a record that says who did it, \
            and `ballast audit verify` passes over them from then on. Where the trail is whole, nothing is changed. After a \
            crash, run it again.

            Not beside a running server: stop that first. Ends with 1 where the trail is not whole afterwards.

            Example:
              ballast audit rebuild
            """)

    @OptionGroup var configuration: ConfigurationOption

    func run() async throws {
        let surroundings = Surroundings.current()
        let loaded = try await configuration.load().configuration
        // Read first: a state that does not exist is not made for this.
        _ = try await StateReader.open(path: loaded.state)
        let person = try await Person.current(surroundings)
        let session = try await Assembly.open(
            configuration: loaded, purpose: .act, verb: OwnedState.rebuildVerb, selector: nil)
        let result: Result<TrailRebuilding.Account, any Error>
        do {
            let account = try await ProgressLine.showing("reading the trail", on: surroundings.console) { line in
                try await TrailRebuilding(session: session, line: line).run(by: person)
            }
            result = .success(account)
        } catch {
            result = .failure(error)
        }
        await session.close()
        let account = try result.get()
        surroundings.console.out(account.text(surroundings))
        try Ending.with(account.verdict.isWhole ? .done : .findings)
    }
}
