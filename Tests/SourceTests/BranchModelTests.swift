import Domain
import Simulation
import Source
import Support
import Testing

/// The simulation plays the remote's branch with a model, since hours of real git would take hours: what the model reads
/// must be what is read from git where the same people did the same.
@Suite("Branch model") struct BranchModelTests {
    @Test("a drawn history is read alike from git and from the model", arguments: 1...6 as ClosedRange<UInt64>)
    func readsAlike(_ seed: UInt64) async throws {
        try await SourceBench.run { bench in
            var pair = BranchPair(bench: bench, random: SeededRandom(seed: seed))
            for _ in 0..<12 {
                try await pair.change()
                try await pair.compare()
            }
        }
    }
}

/// One history, made of the same steps with git and in the model.
private struct BranchPair {
    let bench: SourceBench
    var random: SeededRandom
    private var model = BranchModel()
    /// The model's commits by git's, and the other way round.
    private var modelled: [CommitID: CommitID] = [:]
    private var real: [CommitID: CommitID] = [:]
    /// What a process may have accepted: heads that were read.
    private var accepted: [CommitID] = []
    private var length = 0

    init(bench: SourceBench, random: SeededRandom) {
        self.bench = bench
        self.random = random
    }

    mutating func change() async throws {
        switch below(8) {
        case 0 where length > 1: try await revert()
        case 1 where length > 1: try await rewind(Int(1 + below(UInt64(min(3, length - 1)))))
        case 2 where length > 0: try await beginAnew()
        default: for _ in 0...below(3) { try await commit() }
        }
    }

    private mutating func below(_ bound: UInt64) -> UInt64 { random.next() % bound }

    private mutating func draw() -> (text: [String: String?], content: [String: BranchModel.Content?]) {
        var text: [String: String?] = [:]
        var content: [String: BranchModel.Content?] = [:]
        for _ in 0...below(2) {
            let name = "a\(below(4))"
            let path = "\(name).yaml"
            switch below(6) {
            case 0 where model.content(path, at: model.head) != nil && content[path] == nil:
                text[path] = .some(nil)
                content[path] = .some(nil)
            case 1:
                text[path] = "apiVersion: ballast/v1\nkind: BotVersion\nmetadata: {name: \(name)}\nspec: {}\n"
                content[path] = .bad(name: name)
            default:
                let version = "v_\(below(3))"
                text[path] = manifest(name, version: version)
                let spec = Manifest.Spec(
                    platform: "default", botId: "bot_\(name)", environment: "PRODUCTION", version: version)
                content[path] = .manifest(Manifest(name: name, labels: [:], spec: spec))
            }
        }
        return (text, content)
    }

    private mutating func commit() async throws {
        let (text, content) = draw()
        let id = CommitID(try await bench.fixture.commit(text, message: "Change"))
        note(id, model.commit(content, isSigned: false, at: Timestamp(milliseconds: 0)))
        length += 1
    }

    private mutating func revert() async throws {
        let head = try await bench.fixture.head()
        let isEmpty = try await bench.fixture.git("diff", "--name-only", "HEAD~", "HEAD").isEmpty
        if isEmpty { return }
        let id = CommitID(try await bench.fixture.revert(head))
        model.revert(isSigned: false, at: Timestamp(milliseconds: 0))
        note(id, model.head)
        length += 1
    }

    private mutating func rewind(_ count: Int) async throws {
        try await bench.fixture.git("reset", "--quiet", "--hard", "HEAD~\(count)")
        model.rewind(count)
        length -= count
    }

    /// A history without any of the commits before it, on the same files.
    private mutating func beginAnew() async throws {
        try await bench.fixture.git("checkout", "--quiet", "--orphan", "anew")
        let id = CommitID(try await bench.fixture.commitIndex(message: "Begin anew"))
        try await bench.fixture.git("branch", "--quiet", "--move", "--force", "anew", "main")
        note(id, model.commit([:], isSigned: false, at: Timestamp(milliseconds: 0), isRoot: true))
        length = 1
    }

    private mutating func note(_ id: CommitID, _ other: CommitID?) {
        guard let other else { return }
        modelled[id] = other
        real[other] = id
    }

    /// Reads since nothing, and since every head that was read before.
    mutating func compare() async throws {
        let head = try await bench.publish()
        for base in [nil] + accepted.suffix(4).map(Optional.some) {
            let everything = below(4) == 0
            let found = try await bench.read(since: base, everything: everything)
            let expected = try model.read(
                try #require(modelled[head]), since: base.flatMap { modelled[$0] }, everything: everything
            ).get()
            #expect(found.relation == expected.relation)
            #expect(found.isComplete == expected.isComplete)
            #expect(found.commits.map(\.id) == expected.commits.map { real[$0.id] })
            #expect(found.changes.map(Told.init) == expected.changes.map { Told($0) { real[$0] } })
        }
        if !accepted.contains(head) { accepted.append(head) }
    }
}

/// What a reading tells of one path, with git's ids.
private struct Told: Equatable {
    var path: String
    var manifests: [String]
    var commits: [CommitID?]
    var reverts: [CommitID?]

    init(_ change: PathChange) { self.init(change) { $0 } }

    init(_ change: PathChange, id: (CommitID) -> CommitID?) {
        path = change.path
        guard case .file(let documents) = change.content else {
            (manifests, commits, reverts) = (["removed"], [], [])
            return
        }
        manifests = documents.map { document in
            switch document.outcome {
            case .manifest(let manifest, _, _): "\(manifest.name) \(manifest.spec.botId) \(manifest.spec.version)"
            case .problems(_, let name, _): "\(name ?? "") is bad"
            }
        }
        commits = documents.map { id($0.provenance.commit) }
        reverts = documents.map { $0.provenance.reverts.flatMap(id) }
    }
}
