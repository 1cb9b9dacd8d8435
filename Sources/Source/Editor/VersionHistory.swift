import Documents
import Domain
import Git

/// Finds a manifest by its name, and the last commit that changed its version.
struct VersionHistory: Sendable {
    let git: GitRepository
    let paths: ManifestPaths
    let decoder: ManifestDecoder

    /// A manifest in a file of a commit.
    struct Found: Sendable {
        var path: String
        var file: [UInt8]
        var index: Int
        var manifest: Manifest
        /// As it stands, for telling whether anything else changed.
        var text: [UInt8]
    }

    struct Change: Sendable {
        var step: CommitSnapshot
        var before: Found
    }

    private static let blobsPerBatch = 1_024
    private static let stretchCommits = 64

    /// The manifest of a name; only files that hold the name at all are decoded.
    /// - Throws: `notFound`; `refused` where two documents claim the name.
    func manifest(named name: String, at commit: ObjectID) async throws -> Found {
        let entries = try await git.changes(from: nil, to: commit, under: paths.folder).filter { change in
            change.path.isExact && paths.contains(change.path) && change.new?.kind.isFile == true
        }
        var found: [Found] = []
        for start in stride(from: 0, to: entries.count, by: Self.blobsPerBatch) {
            let some = entries[start..<min(start + Self.blobsPerBatch, entries.count)]
            let blobs = try await git.blobs(
                some.compactMap(\.new?.id), maxBytesEach: SourceLimits.maxFileBytes)
            for (entry, blob) in zip(some, blobs) {
                guard case .content(let bytes) = blob, bytes.firstRange(of: Array(name.utf8)) != nil else { continue }
                found += documents(in: bytes, path: entry.path.text).filter { $0.manifest.name == name }
            }
        }
        guard let manifest = found.first else {
            throw SourceFailure(
                .notFound, "no good manifest named \(PlainText.line(name, maxBytes: 80)) in commit \(commit.short)")
        }
        guard found.count == 1 else {
            let places = found.map(\.path).joined(separator: ", ")
            throw SourceFailure(.refused, "\(found.count) manifests are named \(name): \(places)")
        }
        return manifest
    }

    /// The newest step along first parents in which the version of this bot was another before.
    /// - Throws: `notFound` where the version was never changed.
    func lastVersionChange(of current: Found, from head: ObjectID) async throws -> Change {
        var now = current
        var cursor: ObjectID? = head
        while let start = cursor {
            let history = try await git.history(
                HistoryQuery(
                    head: start, base: nil, order: .firstParents, maxCommits: Self.stretchCommits,
                    changesUnder: paths.folder))
            for entry in history.entries {
                let changes = (entry.changes ?? []).filter { $0.path.isExact && paths.contains($0.path) }
                guard changes.contains(where: { $0.path.text == now.path }) else { continue }
                guard let before = try await document(of: now.manifest.key, before: changes, at: now.path) else {
                    throw SourceFailure(
                        .notFound,
                        "\(current.manifest.name) has named version \(current.manifest.spec.version) since it was added by "
                            + "commit \(entry.commit.id.short); say which one with --to")
                }
                if before.manifest.spec.version != current.manifest.spec.version {
                    return Change(step: entry.commit, before: before)
                }
                now = before
            }
            cursor = history.entries.last?.commit.parents.first
        }
        throw SourceFailure(.notFound, "no commit changed the version of \(current.manifest.name)")
    }

    /// The document of a bot before a commit: in the same file, else in another one that the commit changed.
    private func document(
        of key: BotKey, before changes: [Git.PathChange], at path: String
    ) async throws -> Found? {
        let ordered = changes.filter { $0.path.text == path } + changes.filter { $0.path.text != path }
        for change in ordered {
            guard let old = change.old, old.kind.isFile,
                case .content(let bytes) = try await git.blobs([old.id], maxBytesEach: SourceLimits.maxFileBytes).first
            else { continue }
            if let found = documents(in: bytes, path: change.path.text).first(where: { $0.manifest.key == key }) {
                return found
            }
        }
        return nil
    }

    private func documents(in bytes: [UInt8], path: String) -> [Found] {
        decoder.decode(file: bytes, path: path).parts.compactMap { part in
            part.manifest.map {
                Found(
                    path: path, file: bytes, index: part.index, manifest: $0, text: DocumentTexts.normal(part.raw))
            }
        }
    }
}
