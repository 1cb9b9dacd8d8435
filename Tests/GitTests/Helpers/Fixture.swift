import Foundation
import Git

/// A bare repository to be a remote, a working clone to commit with, and room for copies.
struct Fixture: Sendable {
    let scratch: Scratch
    var remote: String { scratch("remote.git") }
    var work: String { scratch("work") }
    /// The folder of the copy under test.
    var copy: String { scratch("copy") }

    /// An empty remote whose branch is `main`.
    init() async throws {
        scratch = try Scratch()
        try await Tool.git(["init", "-q", "--bare", "-b", "main", remote], in: scratch.path)
        try await Tool.git(["init", "-q", "-b", "main", work], in: scratch.path)
        try await Tool.git(["remote", "add", "origin", remote], in: work)
    }

    /// Writes (or, with `nil`, removes) files, commits and pushes them.
    @discardableResult
    func commit(_ files: [String: String?], _ message: String = "Change", push: Bool = true) async throws -> ObjectID {
        for (name, text) in files {
            if let text {
                try scratch.write(text, to: "work/\(name)")
            } else {
                try FileManager.default.removeItem(atPath: "\(work)/\(name)")
            }
        }
        try await Tool.git(["add", "-A"], in: work)
        try await Tool.git(["commit", "-q", "--allow-empty", "-m", message], in: work)
        if push { try await Tool.git(["push", "-q", "origin", "HEAD:main"], in: work) }
        return try await id("HEAD")
    }

    /// The id that git gives a name.
    func id(_ name: String, in folder: String? = nil) async throws -> ObjectID {
        let text = try await Tool.git(["rev-parse", "--verify", name], in: folder ?? work).text
        guard let id = ObjectID(hex: text) else { throw ToolFailure(description: "no id: \(text)") }
        return id
    }

    var writer: Person { Person(name: "Ballast", email: "ballast@example.org", seconds: 1_700_000_000) }

    /// Lends a repository over the copy, and ends its workers afterwards.
    func withRepository<Result: Sendable>(
        remote address: String? = nil, folder: String? = nil, clone: String? = nil, limits: GitLimits = GitLimits(),
        caFile: String? = nil, credential: GitCredential? = nil, _ body: (GitRepository) async throws -> Result
    ) async throws -> Result {
        let place: GitSettings.Place = clone.map { .clone(path: $0) } ?? .copy(folder: folder ?? copy)
        let repository = GitRepository(
            GitSettings(
                workerPath: Self.workerPath, place: place, remote: try GitAddress(address ?? remote), caFile: caFile,
                limits: limits, credential: { credential }))
        do {
            let result = try await body(repository)
            await repository.shutdown()
            return result
        } catch {
            await repository.shutdown()
            throw error
        }
    }

    /// The product, which lies beside the test bundle.
    static let workerPath: String = {
        let bundle = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        return bundle.deletingLastPathComponent().appendingPathComponent("ballast").path
    }()
}

/// The code of the `GitError` that is thrown; `nil` where nothing is.
func code(of body: () async throws -> Void) async -> GitError.Code? {
    do {
        try await body()
        return nil
    } catch let error as GitError {
        if ProcessInfo.processInfo.environment["GIT_TESTS_SHOW_ERRORS"] != nil { print(error.code, error) }
        return error.code
    } catch {
        return nil
    }
}

extension GitLimits {
    /// Short enough for a test that waits for a deadline.
    static var quick: GitLimits {
        var limits = GitLimits()
        limits.remoteTimeout = .seconds(2)
        limits.transferTimeout = .seconds(5)
        limits.localTimeout = .seconds(2)
        return limits
    }
}

extension [UInt8] {
    var text: String { String(decoding: self, as: UTF8.self) }
}
