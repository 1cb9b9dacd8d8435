package import Domain

/// The remote's branch in memory: trees of manifests by commit, read as the real one reads them. Thousands of worlds need a
/// remote that costs nothing; `BranchModelTests` holds it against what is read with git from the same history.
package struct BranchModel: Sendable {
    package struct Commit: Sendable {
        package var id: CommitID
        package var parent: CommitID?
        package var files: [String: Content]
        package var signature: SignatureVerdict
        package var reverts: CommitID?
        package var at: Timestamp
    }

    package enum Content: Hashable, Sendable {
        case manifest(Manifest)
        case bad(name: String)
    }

    package private(set) var commits: [CommitID: Commit] = [:]
    package private(set) var head: CommitID?
    /// Contents by the order in which they first appeared: a digest that is the same in every process.
    private var digests: [Manifest: Int] = [:]
    private var specDigests: [Manifest.Spec: Int] = [:]

    package init() {}

    @discardableResult
    package mutating func commit(
        _ changes: [String: Content?], isSigned: Bool, at: Timestamp, reverts: CommitID? = nil, isRoot: Bool = false
    ) -> CommitID {
        var files = head.flatMap { commits[$0]?.files } ?? [:]
        for (path, content) in changes { files[path] = content }
        for case .manifest(let manifest) in files.sorted(by: { $0.key < $1.key }).map(\.value) {
            if digests[manifest] == nil { digests[manifest] = digests.count }
            if specDigests[manifest.spec] == nil { specDigests[manifest.spec] = specDigests.count }
        }
        let number = String(commits.count + 1, radix: 16)
        // Ids differ in their first digits, as those of git do.
        let start = String((UInt64(commits.count + 1) &* 0x9E37_79B9_7F4A_7C15) >> 32, radix: 16)
        let id = CommitID(start + String(repeating: "0", count: 40 - start.count - number.count) + number)
        commits[id] = Commit(
            id: id, parent: isRoot ? nil : head, files: files,
            signature: isSigned ? .good(signer: "ada", key: "SHA256:key") : .unsigned, reverts: reverts, at: at)
        head = id
        return id
    }

    /// Takes the newest commit back by another one.
    package mutating func revert(isSigned: Bool, at: Timestamp) {
        guard let head, let newest = commits[head], let parent = newest.parent, let before = commits[parent] else {
            return
        }
        var changes: [String: Content?] = [:]
        for path in Set(newest.files.keys).union(before.files.keys) where newest.files[path] != before.files[path] {
            changes[path] = .some(before.files[path])
        }
        commit(changes, isSigned: isSigned, at: at, reverts: head)
    }

    package mutating func rewind(_ count: Int) {
        for _ in 0..<count {
            guard let head, let parent = commits[head]?.parent else { return }
            self.head = parent
        }
    }

    package func content(_ path: String, at commit: CommitID?) -> Content? {
        commit.flatMap { commits[$0]?.files[path] }
    }

    package func manifest(_ path: String, at commit: CommitID?) -> Manifest? {
        if case .manifest(let manifest)? = content(path, at: commit) { manifest } else { nil }
    }

    /// Newest first, every commit of `head` that `base` does not have; whether `base` is one of those before `head`.
    package func line(from head: CommitID, to base: CommitID?) -> (commits: [Commit], reached: Bool) {
        var known: Set<CommitID> = []
        var older = base
        while let id = older {
            known.insert(id)
            older = commits[id]?.parent
        }
        var found: [Commit] = []
        var next: CommitID? = head
        while let id = next, !known.contains(id), let commit = commits[id] {
            found.append(commit)
            next = commit.parent
        }
        return (found, next == base)
    }

    package func read(_ head: CommitID, since accepted: CommitID?, everything: Bool) -> Answered<Reading> {
        guard let commit = commits[head] else { return .failed(SourceFailure(.notFound, "no commit \(head.short)")) }
        let old = accepted.flatMap { commits[$0]?.files } ?? [:]
        let isComplete = everything || accepted == nil
        let paths = Set(old.keys).union(commit.files.keys).sorted().filter { isComplete || old[$0] != commit.files[$0] }
        let line = line(from: head, to: accepted)
        let relation: Reading.Relation =
            accepted == nil ? .first : accepted == head ? .same : line.reached ? .descendant : .rewritten
        return .value(
            Reading(
                head: head, relation: relation, commits: accepted == nil ? [info(commit)] : line.commits.map(info),
                changes: paths.map { change($0, commit) }, isComplete: isComplete))
    }

    private func change(_ path: String, _ head: Commit) -> PathChange {
        guard let content = head.files[path] else { return PathChange(path: path, content: .removed) }
        let author = author(of: path, content, at: head)
        let outcome: DocumentReading.Outcome =
            switch content {
            case .manifest(let manifest):
                .manifest(
                    manifest, digest: "d\(digests[manifest] ?? -1)", specDigest: "s\(specDigests[manifest.spec] ?? -1)")
            case .bad(let name):
                .problems(
                    [Problem(path: path, line: 3, column: 5, message: "expected a version")], name: name, key: nil)
            }
        let document = DocumentReading(
            index: 0, line: 1, outcome: outcome, provenance: provenance(path, content, author))
        return PathChange(path: path, content: .file([document]))
    }

    /// The commit that brought the file to its present content.
    private func author(of path: String, _ content: Content, at head: Commit) -> Commit {
        var commit = head
        while let parent = commit.parent.flatMap({ commits[$0] }), parent.files[path] == content { commit = parent }
        return commit
    }

    private func provenance(_ path: String, _ content: Content, _ commit: Commit) -> Provenance {
        // Recognised only where the content is what stood before the named commit, and that commit changed it.
        var reverts: CommitID?
        if let named = commit.reverts, let other = commits[named], other.files[path] != content,
            other.parent.flatMap({ commits[$0]?.files[path] }) == content
        {
            reverts = named
        }
        let info = info(commit)
        return Provenance(
            commit: commit.id, author: info.author, committer: info.committer, message: info.message,
            committedAt: commit.at, reverts: reverts, signature: commit.signature, step: commit.id)
    }

    private func info(_ commit: Commit) -> CommitInfo {
        CommitInfo(
            id: commit.id, parents: commit.parent.map { [$0] } ?? [], author: "Ada <ada@example.com>",
            committer: "Ada <ada@example.com>", message: "commit \(commit.id.short)", committedAt: commit.at,
            signature: commit.signature)
    }
}
