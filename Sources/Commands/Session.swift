import Audit
import Documents
package import Domain
import Exchange
import Git
import Logging
package import Reconciler
import Source
import Store

/// Everything a verb needs while it runs; `close` ends workers, connections and the ownership of the state.
package struct Session: Sendable {
    package let configuration: Configuration
    let ports: ReconcilerPorts
    let branch: WatchedBranch
    let access: RepositoryAccess
    let notes: GitNotes
    let decoder: ManifestDecoder
    let secrets: any Secrets
    let keyring: AuditKeyring
    let connections: Connections
    let state: OpenState
    let logger: Logger?
    package let reconciler: Reconciler

    init(
        configuration: Configuration, engine: Engine, ports: ReconcilerPorts, branch: WatchedBranch,
        access: RepositoryAccess, notes: GitNotes, decoder: ManifestDecoder, secrets: any Secrets,
        keyring: AuditKeyring,
        connections: Connections, state: OpenState, logger: Logger?
    ) {
        self.configuration = configuration
        self.ports = ports
        self.branch = branch
        self.access = access
        self.notes = notes
        self.decoder = decoder
        self.secrets = secrets
        self.keyring = keyring
        self.connections = connections
        self.state = state
        self.logger = logger
        reconciler = Reconciler(engine: engine, ports: ports, findings: state.findings, logger: logger)
    }

    var knownSecrets: KnownSecrets { KnownSecrets(configuration, secrets) }

    /// - Parameter commit: a commit or branch that is not merged yet, instead of the watched branch.
    package func plan(commit: String?) async throws -> RunReport {
        guard let commit else { return try await reconciler.plan() }
        switch await branch.resolve(commit) {
        case .failed(let failure): throw failure
        case .value(let id):
            var fixed = ports
            fixed.source = FixedHead(head: id, branch: branch)
            return try await Reconciler(engine: await reconciler.engine, ports: fixed, logger: logger).plan()
        }
    }

    package func reconcile(
        wait: Span, progress: @escaping @Sendable (RunProgress) -> Void
    ) async throws -> RunReport {
        let report = try await reconciler.reconcile(wait: wait, told: progress)
        if let lead = try await RemoteLead(self).found() {
            await reconciler.found(.doubtful(lead))
            try await self.report()
        }
        return report
    }

    /// - Returns: what was done, as a sentence for the person.
    package func decide(_ decision: Decision) async throws -> String {
        try await reconciler.decide(decision)
    }

    /// Tells the sinks and writes the notes that are due, once; what stays goes on in the next run.
    package func report() async throws { try await reconciler.report() }

    package func rollback(_ request: RollbackRequest) async throws -> Answered<RollbackOutcome> {
        var request = request
        request.failedHere = try await versionsThatFailed(request.name)
        guard let reference = configuration.source.signingKey else {
            return await GitManifestEditor(access: access, decoder: decoder).rollback(request)
        }
        let key = try await GitManifestEditor.signingKey(reference, secrets: secrets)
        return await GitManifestEditor(access: access, decoder: decoder, signingKey: key).rollback(request)
    }

    /// Those whose newest rollout of that bot failed on its own.
    private func versionsThatFailed(_ name: String) async throws -> Set<String> {
        let keys = await reconciler.engine.bots.values.filter { $0.name == name && $0.latest != nil }.map(\.key)
        let reader = try await StateReader.open(path: configuration.state)
        var newest: [String: Outcome] = [:]
        for key in keys {
            for rollout in try await reader.rollouts(of: key, limit: StateReader.maxRows) {
                guard let outcome = rollout.outcome, newest[rollout.to] == nil, outcome != .superseded else { continue }
                newest[rollout.to] = outcome
            }
        }
        return Set(newest.filter { [.failed, .failedOver, .degraded].contains($0.value) }.keys)
    }

    /// What grows is kept small: delivered events that are old enough go, and loose objects of the copy become a pack.
    /// Nothing depends on it, so a failure is only logged.
    package func tidyUp() async {
        if Task.isCancelled { return }
        if let failure = await state.rotationFailure() {
            logger?.warning("the audit log grows on", metadata: ["cause": "\(failure)"])
        }
        do {
            try await state.prune(now: ports.clock.now().wall)
            _ = try await access.git.tidyUp()
        } catch {
            logger?.warning("the state or the copy could not be tidied", metadata: ["cause": "\(error)"])
        }
    }

    /// The audit trail in all its places, the remote's notes where it answers. They are fetched beside the copy and its workers:
    /// a proof holds up no look and no rollout.
    func trailProof() async throws -> TrailProof {
        try await TrailProof.whole(configuration, keys: keyring.keys, secrets: secrets)
    }

    package func close() async {
        await access.shutdown()
        await connections.shutdown()
        do { try await state.close() } catch {
            logger?.error("the state could not be closed", metadata: ["cause": "\(error)"])
        }
    }
}

/// The watched branch as if its head were another commit, for `plan --commit`.
struct FixedHead: DesiredState {
    let head: CommitID
    let branch: WatchedBranch

    func look() async -> Answered<RemoteHead> { .value(RemoteHead(branch: head.short, commit: head)) }

    func read(head: CommitID, since accepted: CommitID?, everything: Bool) async -> Answered<Reading> {
        await branch.read(head: head, since: accepted, everything: everything)
    }

    func resolve(_ revision: String) async -> Answered<CommitID> { await branch.resolve(revision) }
}
