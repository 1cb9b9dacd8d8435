extension NotesTree {
    /// Where two notes trees differ: targets whose notes may differ, and entries that are no notes.
    struct Difference {
        var targets: Set<ObjectID> = []
        /// Paths (as components) that only the other tree has, with their entries.
        var foreign: [(path: [[UInt8]], line: TreeLine)] = []
    }

    /// Walks both trees side by side and skips what is equal, so that the cost is that of the difference.
    func difference(to other: NotesTree, in objects: borrowing ObjectStore) throws -> Difference {
        var result = Difference()
        try Self.compare(root, other.root, path: [], into: &result, objects)
        return result
    }

    private static func compare(
        _ ours: ObjectID?, _ theirs: ObjectID?, path: [[UInt8]], into result: inout Difference,
        _ objects: borrowing ObjectStore
    ) throws {
        guard ours != theirs else { return }
        let digits = path.flatMap { $0 }
        let left = try lines(ours, objects)
        let right = try lines(theirs, objects)
        for name in Set(left.keys).union(right.keys) {
            let one = left[name]
            let other = right[name]
            if let one, let other, one.mode == other.mode, one.id == other.id { continue }
            let whole = digits + name
            if !(one?.isFolder ?? false), !(other?.isFolder ?? false), let target = ObjectID(hexBytes: whole) {
                result.targets.insert(target)
            } else if name.count == 2, isHex(name), whole.count < ObjectID.hexCount,
                one?.isFolder ?? true, other?.isFolder ?? true
            {
                try compare(one?.id, other?.id, path: path + [Array(name)], into: &result, objects)
            } else if one == nil, let other {
                result.foreign.append((path + [Array(name)], other))
            }
        }
    }

    private static func lines(
        _ id: ObjectID?, _ objects: borrowing ObjectStore
    ) throws -> [ArraySlice<UInt8>: TreeLine] {
        guard let id else { return [:] }
        var result: [ArraySlice<UInt8>: TreeLine] = [:]
        for line in try Tree(id, from: objects).lines { result[line.name] = line }
        return result
    }
}
