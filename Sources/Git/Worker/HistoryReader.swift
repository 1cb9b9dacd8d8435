/// Walks history for one query.
struct HistoryReader {
    let query: HistoryQuery
    let maxChanges: Int

    private static let maxCommits = 10_000

    private var limit: Int { min(max(1, query.maxCommits), Self.maxCommits) }

    func read(_ open: OpenRepository) throws -> (AnswerBody, [UInt8]) {
        let result = try open.repository.withObjects { objects in
            switch query.order {
            case .firstParents: try firstParents(objects)
            case .all: try everything(open, objects)
            }
        }
        return (.history(result.headers, metBase: result.metBase, isCut: result.isCut), result.tail)
    }

    private func firstParents(_ objects: borrowing ObjectStore) throws -> Result {
        var result = Result()
        var next: ObjectID? = query.head
        while let id = next {
            if id == query.base {
                result.metBase = true
                break
            }
            let commit = try objects.commit(id)
            guard try add(commit, to: &result, objects) else { break }
            next = commit.parents.first
        }
        return result
    }

    private func everything(_ open: OpenRepository, _ objects: borrowing ObjectStore) throws -> Result {
        var result = Result()
        result.metBase = try query.base.map { try open.repository.isDescendant(query.head, of: $0) } ?? false
        let ids = try open.repository.commits(from: query.head, excluding: query.base, maxCommits: limit + 1)
        for id in ids {
            guard try add(objects.commit(id), to: &result, objects) else { break }
        }
        return result
    }

    /// False where the answer is full; this commit is then not in it.
    private func add(
        _ commit: CommitSnapshot, to result: inout Result, _ objects: borrowing ObjectStore
    ) throws -> Bool {
        guard result.headers.count < limit, result.tail.count + commit.raw.count <= Frame.fullTailBytes else {
            result.isCut = true
            return false
        }
        let found = try changes(of: commit, maxChanges: maxChanges - result.changeCount, objects)
        result.changeCount += found?.count ?? 0
        result.headers.append(CommitHeader(id: commit.id, bytes: commit.raw.count, changes: found))
        result.tail += commit.raw
        return true
    }

    private func changes(
        of commit: CommitSnapshot, maxChanges: Int, _ objects: borrowing ObjectStore
    ) throws -> [PathChange]? {
        guard let folder = query.changesUnder else { return nil }
        var comparison = TreeComparison(maxChanges: maxChanges)
        let before = try commit.parents.first.map { try objects.commit($0).tree }
        try comparison.compare(from: before, to: commit.tree, under: folder, in: objects)
        return comparison.changes.sorted { $0.path < $1.path }
    }

    private struct Result {
        var headers: [CommitHeader] = []
        var tail: [UInt8] = []
        var metBase = false
        var isCut = false
        var changeCount = 0
    }
}
