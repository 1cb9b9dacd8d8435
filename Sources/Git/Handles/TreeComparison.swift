/// What differs between two trees, found by walking both and skipping every subtree whose ids are equal: the cost is that of
/// the changed folders. (libgit2's own comparison walks everything.)
struct TreeComparison {
    private(set) var changes: [PathChange] = []
    private let maxChanges: Int

    /// Folders nested deeper are reported as such and not entered.
    static let maxDepth = 64

    init(maxChanges: Int) {
        self.maxChanges = maxChanges
    }

    /// Adds the changes from one commit or tree to another below a folder.
    mutating func compare(
        from old: ObjectID?, to new: ObjectID?, under folder: String, in objects: borrowing ObjectStore
    ) throws {
        let components = folder.split(separator: "/").map { Array($0.utf8) }
        let before = try Self.locate(components, in: old.map { try objects.tree(of: $0) }, objects)
        let after = try Self.locate(components, in: new.map { try objects.tree(of: $0) }, objects)
        if let before, let after, before.path != after.path {
            try compare(before.line, nil, at: before.path, depth: 0, objects)
            try compare(nil, after.line, at: after.path, depth: 0, objects)
        } else {
            try compare(before?.line, after?.line, at: before?.path ?? after?.path ?? [], depth: 0, objects)
        }
    }

    /// The entry at a path, or the first thing on the way that is no folder.
    private static func locate(
        _ components: [[UInt8]], in root: ObjectID?, _ objects: borrowing ObjectStore
    ) throws -> (path: [UInt8], line: TreeLine)? {
        guard let root else { return nil }
        var line = TreeLine(mode: TreeLine.folderMode, name: [], id: root)
        var path: [UInt8] = []
        for component in components {
            guard line.isFolder else { break }
            guard let next = try Tree(line.id, from: objects).line(named: component) else { return nil }
            line = next
            path = Self.join(path, next.name)
        }
        return (path, line)
    }

    private mutating func compare(
        _ old: TreeLine?, _ new: TreeLine?, at path: [UInt8], depth: Int, _ objects: borrowing ObjectStore
    ) throws {
        if let old, let new, old.mode == new.mode, old.id == new.id { return }
        let oldFolder = old.flatMap { $0.isFolder ? $0.id : nil }
        let newFolder = new.flatMap { $0.isFolder ? $0.id : nil }
        let isDeep = depth > Self.maxDepth
        let oldSide = isDeep || oldFolder == nil ? old.flatMap(PathChange.Side.init) : nil
        let newSide = isDeep || newFolder == nil ? new.flatMap(PathChange.Side.init) : nil
        if oldSide != nil || newSide != nil {
            guard changes.count < maxChanges else {
                throw GitError(.tooLarge, "more than \(maxChanges) paths differ")
            }
            changes.append(PathChange(path: TreePath(bytes: path), old: oldSide, new: newSide))
        }
        if !isDeep, oldFolder != nil || newFolder != nil {
            try descend(oldFolder, newFolder, at: path, depth: depth + 1, objects)
        }
    }

    private mutating func descend(
        _ old: ObjectID?, _ new: ObjectID?, at path: [UInt8], depth: Int, _ objects: borrowing ObjectStore
    ) throws {
        let before = try old.map { try Tree($0, from: objects).lines } ?? []
        let after = try new.map { try Tree($0, from: objects).lines } ?? []
        var i = 0
        var j = 0
        while i < before.count || j < after.count {
            let left = i < before.count ? before[i] : nil
            let right = j < after.count ? after[j] : nil
            if let left, right.map({ TreeLine.precedes(left, $0) }) ?? true {
                try compare(left, nil, at: Self.join(path, left.name), depth: depth, objects)
                i += 1
            } else if let right, left.map({ TreeLine.precedes(right, $0) }) ?? true {
                try compare(nil, right, at: Self.join(path, right.name), depth: depth, objects)
                j += 1
            } else if let left, let right {
                if left.mode != right.mode || left.id != right.id {
                    try compare(left, right, at: Self.join(path, left.name), depth: depth, objects)
                }
                i += 1
                j += 1
            }
        }
    }

    static func join(_ folder: [UInt8], _ name: ArraySlice<UInt8>) -> [UInt8] {
        folder.isEmpty ? Array(name) : folder + [UInt8(ascii: "/")] + name
    }
}

extension PathChange.Side {
    /// `nil` for a mode that git does not know; such an entry is not there for us.
    init?(_ line: TreeLine) {
        guard let kind = EntryKind(mode: line.mode) else { return nil }
        self.init(kind: kind, id: line.id)
    }
}
