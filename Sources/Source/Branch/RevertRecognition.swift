import Domain
import Git

/// Whether a commit really undoes another one for a document; its message alone proves nothing.
struct RevertRecognition: Sendable {
    let git: GitRepository
    let paths: ManifestPaths

    /// More names than this in one message are not looked at.
    private static let maxNamedCommits = 8

    /// - Returns: by the number of the document, the commit that its origin reverts.
    func reverts(among origins: [Int: Attribution.Origin]) async throws -> [Int: CommitID] {
        var found: [Int: CommitID] = [:]
        let byCommit = Dictionary(grouping: origins.values, by: \.commit.id)
        for (_, made) in byCommit {
            guard let commit = made.first?.commit else { continue }
            for name in Self.named(in: commit.message).prefix(Self.maxNamedCommits) {
                guard let named = try await ancestor(name, of: commit.id) else { continue }
                let rest = made.map(\.document).filter { found[$0.number] == nil }
                for number in try await restored(rest, before: named) { found[number] = CommitID(named.id) }
            }
        }
        return found
    }

    /// The words that `git revert` writes; ids of 7 to 40 digits.
    static func named(in message: String) -> [String] {
        var names: [String] = []
        var rest = message[...]
        while let mark = rest.firstRange(of: "This reverts commit ") {
            rest = rest[mark.upperBound...]
            let digits = rest.prefix { $0.isASCII && $0.isHexDigit }
            if (7...ObjectID.hexCount).contains(digits.count) { names.append(digits.lowercased()) }
        }
        return names
    }

    private func ancestor(_ name: String, of commit: ObjectID) async throws -> CommitSnapshot? {
        try await ifAny(except: [.notFound, .conflict, .badRequest]) {
            var named = ObjectID(hex: name)
            if named == nil { named = try await git.resolve(name) }
            guard let id = named, id != commit, try await git.isDescendant(commit, of: id) else { return nil }
            return try await git.commit(id)
        } ?? nil
    }

    /// Which documents are what stood before `named`, and were changed by it.
    private func restored(_ documents: [Attribution.Document], before named: CommitSnapshot) async throws -> [Int] {
        guard let parent = named.parents.first, !documents.isEmpty else { return [] }
        let changes = try await git.changes(from: parent, to: named.id, under: paths.folder)
        let wanted = Set(documents.map(\.path))
        var numbers: [Int] = []
        for change in changes where wanted.contains(change.path.text) {
            let old = try await texts(change.old)
            let new = try await texts(change.new)
            for document in documents where document.path == change.path.text {
                if old.contains(document.text), !new.contains(document.text) { numbers.append(document.number) }
            }
        }
        return numbers
    }

    private func texts(_ side: Git.PathChange.Side?) async throws -> DocumentTexts {
        guard let side, side.kind.isFile,
            case .content(let bytes) = try await git.blobs([side.id], maxBytesEach: SourceLimits.maxFileBytes).first
        else { return DocumentTexts(file: []) }
        return DocumentTexts(file: bytes)
    }
}
