package import Domain

/// A watched branch in memory: trees of manifests by commit, read as the real one reads them.
package struct FakeBranch: Sendable {
    package struct Commit: Sendable {
        package var id: CommitID
        package var parent: CommitID?
        package var files: [String: [Content]]
        package var signature: SignatureVerdict
        package var reverts: CommitID?
    }

    package enum Content: Hashable, Sendable {
        case manifest(Manifest)
        case bad(String, name: String?)
    }

    package private(set) var commits: [CommitID: Commit] = [:]
    package private(set) var head: CommitID?
    package var failure: SourceFailure?
    private var count = 0

    package init() {}

    /// A new commit on the branch; files that are not named stay, nil removes one.
    @discardableResult
    package mutating func commit(
        _ changes: [String: [Content]?], signature: SignatureVerdict = .unsigned, reverts: CommitID? = nil
    ) -> CommitID {
        var files = head.flatMap { commits[$0]?.files } ?? [:]
        for (path, content) in changes { files[path] = content }
        return add(files, parent: head, signature, reverts)
    }

    /// The head becomes a commit that is no descendant of the present one.
    @discardableResult
    package mutating func rewrite(_ changes: [String: [Content]?]) -> CommitID {
        var files = head.flatMap { commits[$0]?.files } ?? [:]
        for (path, content) in changes { files[path] = content }
        return add(files, parent: nil, .unsigned, nil)
    }

    /// Somebody takes the newer commits back by force.
    package mutating func reset(to commit: CommitID) { head = commit }

    private mutating func add(
        _ files: [String: [Content]], parent: CommitID?, _ signature: SignatureVerdict, _ reverts: CommitID?
    ) -> CommitID {
        count += 1
        let id = CommitID(String(repeating: "0", count: 40 - String(count).count) + String(count))
        commits[id] = Commit(id: id, parent: parent, files: files, signature: signature, reverts: reverts)
        head = id
        return id
    }

    package func look() -> Answered<RemoteHead> {
        if let failure { return .failed(failure) }
        guard let head else { return .failed(SourceFailure(.emptyRepository, "the repository is empty")) }
        return .value(RemoteHead(branch: "main", commit: head))
    }

    package func read(_ head: CommitID, since accepted: CommitID?, everything: Bool) -> Answered<Reading> {
        if let failure { return .failed(failure) }
        guard let commit = commits[head] else { return .failed(SourceFailure(.notFound, "no commit \(head)")) }
        let old = everything ? [:] : accepted.flatMap { commits[$0]?.files } ?? [:]
        let paths = Set(old.keys).union(commit.files.keys).sorted().filter { old[$0] != commit.files[$0] }
        let line = lineage(of: head, to: accepted)
        let relation: Reading.Relation =
            accepted == nil ? .first : accepted == head ? .same : line.reached ? .descendant : .rewritten
        return .value(
            Reading(
                head: head, relation: relation, commits: accepted == nil ? [info(commit)] : line.commits.map(info),
                changes: paths.map { change($0, commit, line.commits) }))
    }

    private func lineage(of head: CommitID, to accepted: CommitID?) -> (commits: [Commit], reached: Bool) {
        var found: [Commit] = []
        var next: CommitID? = head
        while let id = next, id != accepted, let commit = commits[id] {
            found.append(commit)
            next = commit.parent
        }
        return (found, next == accepted)
    }

    private func change(_ path: String, _ head: Commit, _ line: [Commit]) -> PathChange {
        guard let documents = head.files[path] else { return PathChange(path: path, content: .removed) }
        // The newest commit on the line that brought the file to its present content.
        let author = line.first { commit in
            commit.files[path] == documents && commit.parent.flatMap { commits[$0]?.files[path] } != documents
        }
        return PathChange(
            path: path,
            content: .file(
                documents.enumerated().map { index, content in
                    DocumentReading(
                        index: index, line: 1, outcome: outcome(content, path),
                        provenance: provenance(author ?? head))
                }))
    }

    private func outcome(_ content: Content, _ path: String) -> DocumentReading.Outcome {
        switch content {
        case .manifest(let manifest):
            .manifest(manifest, digest: "\(manifest)", specDigest: "\(manifest.spec)")
        case .bad(let message, let name):
            .problems([Problem(path: path, line: 3, column: 5, message: message)], name: name, key: nil)
        }
    }

    private func provenance(_ commit: Commit) -> Provenance {
        Provenance(
            commit: commit.id, author: "Ada <ada@example.com>", committer: "Ada <ada@example.com>",
            message: "commit \(commit.id.hex.suffix(4))", committedAt: Timestamp(milliseconds: 0),
            reverts: commit.reverts, signature: commit.signature, step: commit.id)
    }

    private func info(_ commit: Commit) -> CommitInfo {
        CommitInfo(
            id: commit.id, parents: commit.parent.map { [$0] } ?? [], author: "Ada <ada@example.com>",
            committer: "Ada <ada@example.com>", message: "m", committedAt: Timestamp(milliseconds: 0),
            signature: commit.signature)
    }
}
