import Domain
import Git

/// Finds, for each document of a commit, which commit asked for it to be as it is.
///
/// Walks back along first parents and compares the texts of documents, without parsing them: a document belongs to the
/// newest step before which it was not there as it is, in its file or - moved - in another file that the step changed.
/// Where the step is a merge, the same walk along the side that brought the document finds the author inside it.
struct Attribution: Sendable {
    let git: GitRepository
    let paths: ManifestPaths

    struct Document: Sendable {
        /// The caller's number for it.
        var number: Int
        /// Where it is found at the point that the walk has come to.
        var path: String
        var text: [UInt8]
    }

    struct Origin: Sendable {
        var commit: CommitSnapshot
        var step: CommitSnapshot
        /// Where the document was, as of `commit`.
        var document: Document
    }

    /// Small at first: the newest commit explains most readings, and one further back may have changed ten thousand files.
    private static let firstStretchCommits = 1
    private static let maxStretchCommits = 1_024

    /// - Returns: an origin for every document, by its number.
    func origins(of documents: [Document], at head: ObjectID) async throws -> [Int: Origin] {
        var found: [Int: Origin] = [:]
        for step in try await steps(of: documents, from: head) {
            for (commit, documents) in try await authors(of: step) {
                for document in documents {
                    found[document.number] = Origin(commit: commit, step: step.commit, document: document)
                }
            }
        }
        return found
    }

    /// Documents that came to be as they are with one commit of the line that was walked.
    private struct Step {
        var commit: CommitSnapshot
        var documents: [Document]
    }

    /// Walks first parents from `head` until every document has its step.
    private func steps(of documents: [Document], from head: ObjectID) async throws -> [Step] {
        var steps: [Step] = []
        var pending = Dictionary(grouping: documents, by: \.path)
        var cursor: ObjectID? = head
        var stretch = Self.firstStretchCommits
        var last: CommitSnapshot?
        while !pending.isEmpty, let start = cursor {
            let history = try await history(from: start, maxCommits: &stretch)
            for entry in history.entries where !pending.isEmpty {
                last = entry.commit
                if let step = try await step(entry, pending: &pending) { steps.append(step) }
            }
            cursor = history.entries.last?.commit.parents.first
            stretch = min(stretch * 4, Self.maxStretchCommits)
        }
        // Only reached where the history contradicts the tree that was read from it.
        if let last, !pending.isEmpty { steps.append(Step(commit: last, documents: pending.values.flatMap { $0 })) }
        return steps
    }

    /// A stretch of commits whose changes are too many for one answer is asked for in smaller pieces.
    private func history(from start: ObjectID, maxCommits: inout Int) async throws -> History {
        while true {
            let query = HistoryQuery(
                head: start, base: nil, order: .firstParents, maxCommits: maxCommits, changesUnder: paths.folder)
            let bearable: Set<GitError.Code> = maxCommits > 1 ? [.tooLarge] : []
            if let history = try await ifAny(except: bearable, { try await git.history(query) }) { return history }
            maxCommits = max(1, maxCommits / 8)
        }
    }

    /// Takes out of `pending` what this commit made, and follows what it moved.
    private func step(_ entry: History.Entry, pending: inout [String: [Document]]) async throws -> Step? {
        let changes = (entry.changes ?? []).filter { $0.path.isExact && paths.contains($0.path) }
        let touched = changes.filter { pending[$0.path.text] != nil }
        if touched.isEmpty { return nil }
        let before = try await texts(of: touched)
        var unsettled: [Document] = []
        for change in touched {
            let path = change.path.text
            let (same, other) = (pending[path] ?? []).parted { before[path]?.contains($0.text) == true }
            pending[path] = same.isEmpty ? nil : same
            unsettled += other
        }
        if unsettled.isEmpty { return nil }
        let rest = try await texts(of: changes.filter { before[$0.path.text] == nil })
        let elsewhere = before.merging(rest) { first, _ in first }
        var made: [Document] = []
        for document in unsettled {
            if let origin = elsewhere.first(where: { $0.value.contains(document.text) })?.key {
                var moved = document
                moved.path = origin
                pending[origin, default: []].append(moved)
            } else {
                made.append(document)
            }
        }
        return made.isEmpty ? nil : Step(commit: entry.commit, documents: made)
    }

    /// Texts on the old side of changes, by path; absent where there was no file to read.
    private func texts(of changes: [Git.PathChange]) async throws -> [String: DocumentTexts] {
        let old = changes.compactMap { change in
            change.old.flatMap { $0.kind.isFile ? (path: change.path.text, id: $0.id) : nil }
        }
        if old.isEmpty { return [:] }
        let blobs = try await git.blobs(old.map(\.id), maxBytesEach: SourceLimits.maxFileBytes)
        var texts: [String: DocumentTexts] = [:]
        for (file, blob) in zip(old, blobs) {
            if case .content(let bytes) = blob { texts[file.path] = DocumentTexts(file: bytes) }
        }
        return texts
    }
}

// MARK: - Inside merges

extension Attribution {
    /// The commits inside a step that made its documents; the step itself where it is no merge, or where the merge made them.
    private func authors(of step: Step) async throws -> [(CommitSnapshot, [Document])] {
        guard let mainline = step.commit.parents.first, step.commit.parents.count > 1 else {
            return [(step.commit, step.documents)]
        }
        var authors: [(CommitSnapshot, [Document])] = []
        var rest = step.documents
        for side in step.commit.parents.dropFirst() where !rest.isEmpty {
            let present = try await textsByPath(rest, at: side)
            let (here, elsewhere) = rest.parted { present[$0.path]?.contains($0.text) == true }
            rest = elsewhere
            for inner in try await steps(of: here, from: side) {
                // What the side took from before it parted is not its doing: then the merge chose it.
                if try await git.isDescendant(mainline, of: inner.commit.id) {
                    rest += inner.documents
                } else {
                    authors += try await self.authors(of: inner)
                }
            }
        }
        if !rest.isEmpty { authors.append((step.commit, rest)) }
        return authors
    }

    private func textsByPath(_ documents: [Document], at commit: ObjectID) async throws -> [String: DocumentTexts] {
        var texts: [String: DocumentTexts] = [:]
        for path in Set(documents.map(\.path)) {
            guard let entry = try await git.entry(at: path, in: commit), entry.kind.isFile else { continue }
            let blob = try await git.blobs([entry.id], maxBytesEach: SourceLimits.maxFileBytes).first
            if case .content(let bytes) = blob { texts[path] = DocumentTexts(file: bytes) }
        }
        return texts
    }
}

extension Array {
    fileprivate func parted(by isFirst: (Element) -> Bool) -> ([Element], [Element]) {
        var first: [Element] = []
        var second: [Element] = []
        for element in self {
            if isFirst(element) { first.append(element) } else { second.append(element) }
        }
        return (first, second)
    }
}
