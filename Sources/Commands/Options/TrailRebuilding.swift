import Audit
import Domain
import Foundation
import Reconciler
import Source
import Store

/// Carries a rebuild out: first what can be done again without harm, then its record, and with it the change of the log.
struct TrailRebuilding {
    let session: Session
    let line: ProgressLine

    /// What was done, for the person.
    struct Account: Sendable {
        var plan: TrailRebuild
        var log: LogReplacement?
        /// Why the remote's notes could not be fetched.
        var remoteFailure: String?
        /// What the trail is now.
        var verdict: AuditVerdict

        func text(_ surroundings: Surroundings) -> String {
            var lines: [String] = []
            if let log {
                let closed = log.closed == 0 ? "" : ", with \(Self.count(Int64(log.closed), "closed file"))"
                lines.append("the log was set aside as \(surroundings.shown(log.aside))\(closed)")
                lines.append("the log was written again from the state: \(Self.count(log.records, "record"))")
            }
            if !plan.lacking.isEmpty {
                lines.append("notes were given \(Self.count(Int64(plan.lacking.count), "record")) that they lacked")
            } else if !plan.notes.isEmpty {
                lines.append("notes hold their records in order again")
            }
            if !plan.unpublished.isEmpty {
                let count = Self.count(Int64(plan.unpublished.count), "record")
                lines.append(
                    "the remote's notes lacked \(count), which \(plan.unpublished.count == 1 ? "is" : "are") due again")
            }
            if !plan.disowned.isEmpty {
                let count = Self.count(Int64(plan.disowned.count), "line")
                lines.append("\(count) disowned: no records of this state")
            }
            if !plan.isNeeded { lines.append("nothing was changed") }
            if let remoteFailure {
                let reason = UntrustedText.cleaned(remoteFailure)
                lines.append("remote notes: not fetched: \(reason); run this again when it answers")
            }
            lines += verdict.findings.map { "BROKEN \($0)" }
            lines.append(verdict.isWhole ? "the trail is whole" : "the trail is broken")
            return lines.map { $0 + "\n" }.joined()
        }

        private static func count(_ number: Int64, _ noun: String) -> String {
            "\(number) \(noun)\(number == 1 ? "" : "s")"
        }
    }

    func run(by person: Person) async throws -> Account {
        let configuration = session.configuration
        let notes = GitNotes(
            access: session.access, ref: configuration.audit.notesRef, clock: session.ports.clock)
        let (theirs, remoteFailure) = try await fetch(notes)
        line.set("reading the trail")
        let texts = try await notes.all().get()
        guard let store = session.state.store else {
            throw CommandFailure(.unusable, "the state \(configuration.state) is open for reading alone")
        }
        let keys = session.keyring.keys
        let plan = try await offPool {
            try TrailRebuild(
                journal: store, logPath: configuration.audit.file, notes: texts, remoteNotes: theirs, keys: keys)
        }
        var log: LogReplacement?
        if plan.isNeeded {
            line.set("writing log and notes again")
            try await store.expectNotes(of: plan.lacking + plan.unpublished)
            if !plan.notes.isEmpty { try await notes.restore(plan.notes).get() }
            if plan.writesLog { log = try await replaceLog() }
            await session.reconciler.found(.rebuilt(rebuilt(plan, log, person)))
        }
        // What the start found is told now, too.
        try await session.report()
        if let failure = await session.state.appendLog() { throw CommandFailure(.unusable, failure) }
        line.set("proving the trail")
        return Account(
            plan: plan, log: log, remoteFailure: remoteFailure, verdict: try await session.trailProof().verdict)
    }

    /// What the remote's notes hold is part of the trail: lines that stand only there are judged, too.
    /// - Returns: the remote's notes, as they were before anything is pushed; nil: not looked at, with the reason where they
    ///   should have been.
    private func fetch(_ notes: GitNotes) async throws -> (theirs: [CommitNote]?, failure: String?) {
        guard session.configuration.audit.pushNotes else { return (nil, nil) }
        line.set("fetching the notes of the remote")
        switch await notes.remoteListing() {
        case .failed(let failure): return (nil, failure.message)
        case .value(let listing):
            let theirs = try await listing?.all() ?? []
            if case .failed(let failure) = await notes.fetch() { return (nil, failure.message) }
            return (theirs, nil)
        }
    }

    private func replaceLog() async throws -> LogReplacement? {
        let path = session.configuration.audit.file
        let stamp = session.ports.clock.now().wall.iso8601.filter { $0 != "-" && $0 != ":" }
        return try await session.state.replaceLog(path, aside: "\(path).\(stamp)")
    }

    private func rebuilt(_ plan: TrailRebuild, _ log: LogReplacement?, _ person: Person) -> TrailRebuilt {
        TrailRebuilt(
            by: person.text,
            setAside: log.map { log in
                .init(file: URL(fileURLWithPath: log.aside).lastPathComponent, bytes: log.bytes, sha256: log.sha256)
            },
            notesAdded: plan.lacking.count, disowned: plan.disowned)
    }
}
