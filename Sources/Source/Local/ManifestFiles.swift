package import Documents
package import Domain
import Foundation
import Git

/// Reads manifests where there is no watched branch: files and folders of this machine, a commit of somebody's clone, bytes
/// from standard input. The same rules of names, kinds and sizes hold as for the branch.
package struct ManifestFiles: Sendable {
    private let decoding: FileDecoding

    package init(decoder: ManifestDecoder) {
        decoding = FileDecoding(decoder: decoder)
    }

    /// Every manifest below the folders, and the files themselves, in the order of paths; each path as it was written.
    /// - Throws: `notFound` for what is not there, `tooLarge` beyond `SourceLimits.maxManifests` files.
    package func read(_ paths: [String]) async throws(SourceFailure) -> [FileReading] {
        var readings: [FileReading] = []
        do {
            let found = try await offPool { try LocalWalk.entries(at: paths) }
            for start in stride(from: 0, to: found.count, by: Self.filesPerBatch) {
                let some = Array(found[start..<min(start + Self.filesPerBatch, found.count)])
                let contents = try await offPool { some.map(LocalWalk.content) }
                var good: [(path: String, bytes: [UInt8])] = []
                for content in contents {
                    switch content {
                    case .success(let file): good.append(file)
                    case .failure(let problem):
                        readings.append(FileReading(path: problem.path, content: .unreadable(problem.problem)))
                    }
                }
                readings += await decoding.decode(good)
            }
        } catch {
            throw SourceFailure(any: error)
        }
        return readings.sorted { $0.path < $1.path }
    }

    private static let filesPerBatch = 512

    /// One file whose bytes are here already.
    package func read(_ bytes: [UInt8], path: String) -> FileReading { decoding.decode(bytes, path: path) }

    /// The manifests of a commit of a clone on this machine; nothing is fetched, nothing is written there.
    /// - Parameters:
    ///   - revision: a branch, a tag, or an (abbreviated) id.
    ///   - folder: as `source.path`; empty for all.
    package func read(
        revision: String, ofClone path: String, folder: String, workerPath: String
    ) async -> Answered<[FileReading]> {
        let git = GitRepository(GitSettings(workerPath: workerPath, place: .clone(path: path)))
        let answer = await answering {
            let commit = try await Self.resolve(revision, in: git, path: path)
            return try await ManifestTree(git: git, paths: ManifestPaths(folder: folder), decoding: decoding)
                .files(of: commit).sorted { $0.path < $1.path }
        }
        await git.shutdown()
        return answer
    }

    private static func resolve(_ revision: String, in git: GitRepository, path: String) async throws -> ObjectID {
        let names = ["refs/heads/\(revision)", "refs/tags/\(revision)", "refs/remotes/\(revision)", revision]
        for name in names where name.hasPrefix("refs/") || name == "HEAD" {
            let id = try await ifAny(except: [.badRequest, .notFound]) { try await git.ref(name) }
            if let id = id ?? nil { return id }
        }
        if let id = ObjectID(hex: revision) { return id }
        if revision.count >= 4, revision.allSatisfy({ $0.isASCII && $0.isHexDigit }),
            let id = try await git.resolve(revision.lowercased())
        {
            return id
        }
        throw SourceFailure(
            .notFound, "\(path) has no branch, tag or commit “\(PlainText.line(revision, maxBytes: 200))”")
    }
}
