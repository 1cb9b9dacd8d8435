import ArgumentParser
import Domain
import Foundation
import Live
import Reconciler
import Wire

struct RollbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Takes a bot back to an earlier version: makes the git commit, pushes it and follows the rollout.",
        discussion: """
            Reverts the last change of the version in the bot's manifest, or sets the version given; nothing but that value of \
            the file changes. Where the branch refuses the push, the commit is pushed to a branch of its own for a merge \
            request, and this ends with 1.

            Examples:
              ballast rollback order-support
              ballast rollback order-support --to v_60000 --reason "v_67890 loses orders"
              ballast rollback order-support --without-git --reason "the forge is down"
            """)

    @Argument(help: "A bot.")
    var name: String

    @Option(help: ArgumentHelp("The version (default: the one before the last change).", valueName: "version"))
    var to: String?

    @Flag(
        help: """
            For when the forge is down: to a version that was verified here, until a commit changes this bot. Needs \
            --reason.
            """)
    var withoutGit = false

    @Option(help: ArgumentHelp("How long to follow the rollout, such as 30s or 1h30m.", valueName: "duration"))
    var wait = DurationArgument(.minutes(15))

    @OptionGroup var options: DecisionOptions

    func validate() throws {
        if withoutGit { try options.requireReason(for: "rollback --without-git") }
    }

    func run() async throws {
        let surroundings = Surroundings.current()
        let console = surroundings.console
        let report: ReconcileShape
        if let server = try await options.place.remote(surroundings) {
            report = try await server.closing { try await ask(server, console) }
        } else {
            report = try await act(surroundings)
        }
        console.out(ReconcileText.text(report, colors: console.hasColors))
        PassStatus.explain(report.failure, report.unreachablePlatforms, on: console)
        if Task.isCancelled { throw Pass.interrupted(open: report.openNames, onServer: false) }
        try Ending.with(PassStatus.of(rollback: report))
    }

    private var selector: Selector { Selector(names: [name]) }

    /// The server makes the commit and rolls; its token's name stands in the record.
    private func ask(_ server: RemoteServer, _ console: Console) async throws -> ReconcileShape {
        var body: [String: JSONValue] = ["reason": .string(options.plainReason)]
        body["to"] = to.map { .string($0) }
        if withoutGit { body["withoutGit"] = .bool(true) }
        let asked = body
        let made: RollbackShape = try await ProgressLine.showing("making the commit", on: console) { _ in
            do {
                return try await server.post(["bots", name, "rollback"], asked, timeout: RemoteServer.longTimeout)
            } catch let refusal as RemoteFailure where refusal.status == 404 {
                // Either the bot, or a version to go back to is missing.
                _ = try await ServerAnswers(server: server, console: console).bots([name])
                throw refusal
            }
        }
        if let outcome = made.made {
            console.note(RollbackText.of(outcome, name: name, branch: made.watched ?? "the branch"))
        } else {
            console.note("ballast: " + made.message)
        }
        if made.outcome == "refused" { throw Ending(.findings) }
        var id = made.id
        if made.outcome != "pushed" {
            // Nothing asked for a pass yet.
            let queued: QueuedShape = try await server.post(["reconcile"], [:])
            id = queued.id
        }
        return try await RemotePass.follow(id, on: server, selector: selector, wait: wait.span, console: console)
    }

    /// Here, with the state in hand.
    private func act(_ surroundings: Surroundings) async throws -> ReconcileShape {
        let loaded = try await options.place.configuration.load()
        try await loaded.requireSecrets(SecretFiles(environment: surroundings.environment), surroundings)
        let person = try await Person.current(surroundings)
        let session = try await Assembly.open(
            configuration: loaded.configuration, purpose: .act, verb: "rollback", selector: selector,
            isFollowed: surroundings.console.errorIsTerminal)
        let result: Result<RunReport, any Error>
        do {
            let goesOn = try await change(session, person, loaded.configuration.source.branch, surroundings.console)
            result =
                goesOn
                ? await Pass.follow(session, wait: wait.span, on: surroundings.console) : .failure(Ending(.findings))
        } catch {
            result = .failure(error)
        }
        await session.close()
        return try await Pass.report(result, state: loaded.configuration.state).selected(selector).reconciled
    }

    /// - Returns: false where the branch refused the commit; there is nothing to follow then.
    private func change(
        _ session: Session, _ person: Person, _ branch: String, _ console: Console
    ) async throws -> Bool {
        if withoutGit {
            let kind = Decision.Kind.rollbackWithoutGit(bot: name, version: to)
            let decision = Decision(kind, by: person.text, reason: await options.cleanReason(session.knownSecrets))
            console.note("ballast: " + (try await session.decide(decision)))
            return true
        }
        let outcome = try await ProgressLine.showing("making the commit", on: console) { _ in
            try await session.rollback(await request(person, session.knownSecrets)).get()
        }
        console.note(RollbackText.of(outcome, name: name, branch: branch))
        if case .refused = outcome { return false }
        return true
    }

    private func request(_ person: Person, _ secrets: KnownSecrets) async -> RollbackRequest {
        let now = Date()
        let reason = await options.cleanReason(secrets)
        return RollbackRequest(
            name: name, target: to.map { .version($0) } ?? .lastVersionChange, author: person.gitPerson,
            at: Timestamp(milliseconds: Int64(now.timeIntervalSince1970 * 1000)),
            offsetMinutes: TimeZone.current.secondsFromGMT(for: now) / 60,
            reason: reason.isEmpty ? nil : reason, branchSuffix: String(SystemRandom.id().prefix(8)))
    }
}
