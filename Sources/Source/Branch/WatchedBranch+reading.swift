import Documents
import Domain
import Git

extension WatchedBranch {
    func read(_ head: CommitSnapshot, since accepted: Accepted, everything: Bool) async throws -> Reading {
        let relation = try await relation(of: head.id, to: accepted)
        let (commits, leftOut) = try await newCommits(head, since: accepted, relation: relation)
        let (changes, isComplete) = try await changes(to: head.id, since: accepted, everything: everything)
        let files = try await ManifestTree(git: git, paths: paths, decoding: decoding).files(changes)
        let documents = files.reduce(0) { count, file in
            if case .documents(let parts) = file.content { count + parts.count } else { count }
        }
        guard documents <= SourceLimits.maxManifests else {
            throw SourceFailure(
                .tooLarge,
                "commit \(head.id.short) has \(documents) manifests; at most \(SourceLimits.maxManifests) are read")
        }
        let removed = changes.filter { $0.new == nil }.map { Domain.PathChange(path: $0.path.text, content: .removed) }
        let verdicts = Dictionary(commits.map { ($0.id, $0.signature) }) { first, _ in first }
        let read = try await attributed(files, at: head.id, verdicts: verdicts)
        return Reading(
            head: CommitID(head.id), relation: relation, commits: commits, commitsLeftOut: leftOut,
            changes: (removed + read).sorted { $0.path < $1.path }, isComplete: isComplete,
            notice: try await notice(at: head.id, isEmpty: isComplete && files.isEmpty))
    }

    private func relation(of head: ObjectID, to accepted: Accepted) async throws -> Reading.Relation {
        switch accepted {
        case .nothing: return .first
        case .lost: return .rewritten
        case .known(let id):
            if id == head { return .same }
            return try await git.isDescendant(head, of: id) ? .descendant : .rewritten
        }
    }

    private func newCommits(
        _ head: CommitSnapshot, since accepted: Accepted, relation: Reading.Relation
    ) async throws -> ([CommitInfo], Bool) {
        guard case .known(let base) = accepted else { return ([await info(head)], relation == .rewritten) }
        if relation == .same { return ([], false) }
        let history = try await git.history(
            HistoryQuery(head: head.id, base: base, order: .all, maxCommits: SourceLimits.maxNewCommits))
        var commits: [CommitInfo] = []
        for entry in history.entries { commits.append(await info(entry.commit)) }
        return (commits, history.isCut)
    }

    private func info(_ commit: CommitSnapshot) async -> CommitInfo {
        CommitInfo(
            id: CommitID(commit.id), parents: commit.parents.map { CommitID($0) },
            author: hidden(Self.person(commit.author)), committer: hidden(Self.person(commit.committer)),
            message: hidden(Self.message(commit)),
            committedAt: Self.time(commit.committer), signature: await keys.verdict(on: commit.raw))
    }

    /// What to read: the changed files, or all of them and what is gone since.
    private func changes(
        to head: ObjectID, since accepted: Accepted, everything: Bool
    ) async throws -> ([Git.PathChange], isComplete: Bool) {
        var base: ObjectID?
        if case .known(let id) = accepted { base = id }
        let isComplete = everything || base == nil
        var changes = try await git.changes(from: isComplete ? nil : base, to: head, under: paths.folder)
        if everything, let base, base != head {
            let since = try await git.changes(from: base, to: head, under: paths.folder)
            changes += since.filter { $0.new == nil }
        }
        return (changes.filter { paths.contains($0.path) }, isComplete)
    }

    private func notice(at head: ObjectID, isEmpty: Bool) async throws -> String? {
        guard isEmpty, !paths.folder.isEmpty, try await git.entry(at: paths.folder, in: head) == nil else { return nil }
        return "commit \(head.short) has no folder \(paths.folder); source.path may be wrong"
    }

    static func person(_ person: Person) -> String {
        PlainText.line(person.label, maxBytes: SourceLimits.maxPersonBytes)
    }

    static func message(_ commit: CommitSnapshot) -> String {
        PlainText.paragraphs(commit.message, maxBytes: SourceLimits.maxMessageBytes)
    }

    static func time(_ person: Person) -> Timestamp {
        let (milliseconds, overflow) = person.seconds.multipliedReportingOverflow(by: 1_000)
        return Timestamp(milliseconds: overflow ? (person.seconds > 0 ? .max : .min) : milliseconds)
    }
}

// MARK: - Provenance

extension WatchedBranch {
    private func attributed(
        _ files: [FileReading], at head: ObjectID, verdicts: [CommitID: SignatureVerdict]
    ) async throws -> [Domain.PathChange] {
        var documents: [Attribution.Document] = []
        for file in files {
            guard case .documents(let parts) = file.content else { continue }
            for part in parts {
                documents.append(
                    Attribution.Document(
                        number: documents.count, path: file.path, text: DocumentTexts.normal(part.raw)))
            }
        }
        let origins = try await Attribution(git: git, paths: paths).origins(of: documents, at: head)
        let reverts = try await RevertRecognition(git: git, paths: paths).reverts(among: origins)
        var known = verdicts
        var number = 0
        var changes: [Domain.PathChange] = []
        for file in files {
            switch file.content {
            case .unreadable(let problem):
                changes.append(Domain.PathChange(path: file.path, content: .unreadable(problem)))
            case .documents(let parts):
                var readings: [DocumentReading] = []
                for part in parts {
                    guard let origin = origins[number] else {
                        throw SourceFailure(.protocolError, "no commit of the history explains \(file.path)")
                    }
                    let provenance = await provenance(origin, reverts: reverts[number], verdicts: &known)
                    number += 1
                    readings.append(
                        DocumentReading(
                            index: part.index, line: part.firstLine, outcome: digests.outcome(of: part),
                            provenance: provenance))
                }
                changes.append(Domain.PathChange(path: file.path, content: .file(readings)))
            }
        }
        return changes
    }

    private func hidden(_ text: String) -> String { UntrustedText.hiding(secrets(), in: text) }

    private func provenance(
        _ origin: Attribution.Origin, reverts: CommitID?, verdicts: inout [CommitID: SignatureVerdict]
    ) async -> Provenance {
        let commit = origin.commit
        let id = CommitID(commit.id)
        let signature: SignatureVerdict
        if let known = verdicts[id] {
            signature = known
        } else {
            signature = await keys.verdict(on: commit.raw)
            verdicts[id] = signature
        }
        return Provenance(
            commit: id, author: hidden(Self.person(commit.author)), committer: hidden(Self.person(commit.committer)),
            message: hidden(Self.message(commit)), committedAt: Self.time(commit.committer), reverts: reverts,
            signature: signature, step: CommitID(origin.step.id))
    }
}
