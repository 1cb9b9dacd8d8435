import Documents
import Domain
import Foundation
import Git
import Source
import Support
import Testing

/// A repository made with git, and everything of `Source` on a copy of it.
struct SourceBench {
    let folder: TemporaryFolder
    let fixture: GitFixture
    let settings: SourceSettings
    let access: RepositoryAccess
    let branch: WatchedBranch

    let decoder = ManifestDecoder(platforms: ["default"])

    /// - Parameter configure: changes the settings, whose address is the bare repository `remote.git` beside the work tree.
    static func run(
        path: String = "", configure: (inout SourceSettings, TemporaryFolder) async throws -> Void = { _, _ in },
        _ body: (SourceBench) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            let fixture = try await GitFixture.create(in: folder)
            try await fixture.cloneBare(to: folder.path("remote.git"))
            var settings = SourceSettings(url: folder.path("remote.git"))
            settings.path = path
            try await configure(&settings, folder)
            let bench = try await SourceBench(folder: folder, fixture: fixture, settings: settings)
            do {
                try await body(bench)
            } catch {
                await bench.access.shutdown()
                throw error
            }
            await bench.access.shutdown()
        }
    }

    init(folder: TemporaryFolder, fixture: GitFixture, settings: SourceSettings, copy: String = "copy") async throws {
        self.folder = folder
        self.fixture = fixture
        self.settings = settings
        access = try RepositoryAccess(
            settings: settings, copyFolder: folder.path(copy), workerPath: BuiltProducts.ballast(),
            secrets: NoSecrets())
        branch = WatchedBranch(
            access: access, decoder: decoder, keys: try await TrustedKeys(settings.trust), digest: PlainDigests())
    }

    /// Another process on the same remote, with a copy of its own.
    func second(_ body: (SourceBench) async throws -> Void) async throws {
        let bench = try await SourceBench(folder: folder, fixture: fixture, settings: settings, copy: "copy-2")
        do {
            try await body(bench)
        } catch {
            await bench.access.shutdown()
            throw error
        }
        await bench.access.shutdown()
    }

    /// Commits and pushes.
    @discardableResult
    func commit(_ files: [String: String?], _ message: String = "Change", author: GitFixture.Person = .alice)
        async throws -> CommitID
    {
        let id = try await fixture.commit(files, message: message, author: author)
        try await fixture.push("+HEAD:refs/heads/main")
        return CommitID(id)
    }

    /// Pushes what the work tree has.
    @discardableResult
    func publish() async throws -> CommitID {
        try await fixture.push("+HEAD:refs/heads/main")
        return CommitID(try await fixture.head())
    }

    func read(since accepted: CommitID? = nil, everything: Bool = false) async throws -> Reading {
        let head = try await branch.look().get()
        return try await branch.read(head: head.commit, since: accepted, everything: everything).get()
    }
}

/// Fails loudly: no test of a local path needs a secret.
struct NoSecrets: Secrets {
    func read(_ reference: SecretReference) throws(SecretProblem) -> Secret {
        throw SecretProblem(.absent, "no secret was set up for this test")
    }
}

/// Tells contents apart, which is all that is asked of a digest here (FNV-1a).
struct PlainDigests: Digests {
    func sha256(_ bytes: [UInt8]) -> String {
        String(bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }, radix: 16)
    }
}

struct StandingClock: Domain.Clock {
    func now() -> Now {
        Now(tick: Tick(milliseconds: 0), wall: Timestamp(milliseconds: Int64(GitFixture.firstCommitSeconds) * 1_000))
    }
}

/// A manifest of one bot.
func manifest(_ name: String, version: String = "v_1", extra: String = "") -> String {
    """
    apiVersion: ballast/v1
    kind: BotVersion
    metadata:
      name: \(name)
    spec:
      botId: bot_\(name)
      environment: PRODUCTION
      version: \(version)
    \(extra)
    """
}

func documents(_ texts: String...) -> String { texts.joined(separator: "\n---\n") }

extension Reading {
    func document(_ name: String) -> DocumentReading? {
        changes.lazy.flatMap { change -> [DocumentReading] in
            if case .file(let documents) = change.content { documents } else { [] }
        }.first { $0.name == name }
    }

    /// The origin of a manifest by the subject of its commit.
    func origin(_ name: String) -> String? { document(name)?.provenance.message }

    var paths: [String] { changes.map(\.path) }

    func problem(_ path: String) -> String? {
        for change in changes where change.path == path {
            if case .unreadable(let problem) = change.content { return problem.message }
        }
        return nil
    }
}

extension DocumentReading {
    var name: String? {
        switch outcome {
        case .manifest(let manifest, _, _): manifest.name
        case .problems(_, let name, _): name
        }
    }

    var version: String? {
        if case .manifest(let manifest, _, _) = outcome { manifest.spec.version } else { nil }
    }
}

extension Answered {
    var failure: SourceFailure? {
        if case .failed(let failure) = self { failure } else { nil }
    }
}
