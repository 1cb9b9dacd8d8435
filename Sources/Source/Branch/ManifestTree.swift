import Documents
import Domain
import Git

/// Reads the manifests of a commit, or those that changed, without asking who made them.
struct ManifestTree: Sendable {
    let git: GitRepository
    let paths: ManifestPaths
    let decoding: FileDecoding

    private static let blobsPerBatch = 1_024

    /// Everything in a commit.
    func files(of commit: ObjectID) async throws -> [FileReading] {
        let changes = try await git.changes(from: nil, to: commit, under: paths.folder)
        return try await files(changes.filter { paths.contains($0.path) })
    }

    /// What the new sides of changes hold, read and decoded some hundred files at a time.
    func files(_ changes: [Git.PathChange]) async throws -> [FileReading] {
        var readings: [FileReading] = []
        var wanted: [(path: String, id: ObjectID)] = []
        for change in changes {
            guard let side = change.new else { continue }
            if let problem = paths.obstacle(at: change.path, kind: side.kind) {
                readings.append(FileReading(path: change.path.text, content: .unreadable(problem)))
            } else {
                wanted.append((change.path.text, side.id))
            }
        }
        for start in stride(from: 0, to: wanted.count, by: Self.blobsPerBatch) {
            let some = wanted[start..<min(start + Self.blobsPerBatch, wanted.count)]
            let blobs = try await git.blobs(some.map(\.id), maxBytesEach: SourceLimits.maxFileBytes)
            var contents: [(path: String, bytes: [UInt8])] = []
            for (file, blob) in zip(some, blobs) {
                if case .content(let bytes) = blob {
                    contents.append((file.path, bytes))
                } else if let problem = try ManifestPaths.obstacle(at: file.path, blob: blob) {
                    readings.append(FileReading(path: file.path, content: .unreadable(problem)))
                }
            }
            readings += await decoding.decode(contents)
        }
        return readings
    }
}
