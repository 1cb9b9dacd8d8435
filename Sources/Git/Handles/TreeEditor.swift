/// Replaces single entries of a tree, writing only the trees on the way: no index and no checkout.
enum TreeEditor {
    /// The root that results from putting `line` at a path (its own name is ignored), or from removing what is there.
    /// Missing folders are made; folders that become empty vanish.
    /// - Returns: `nil` where nothing is left.
    static func replacing(
        _ path: ArraySlice<[UInt8]>, with line: TreeLine?, in root: ObjectID?, _ objects: borrowing ObjectStore
    ) throws -> ObjectID? {
        guard let name = path.first else { return root }
        var tree = try root.map { try Tree($0, from: objects) } ?? Tree()
        if path.count == 1 {
            tree.set(name, to: line.map { TreeLine(mode: $0.mode, name: name[...], id: $0.id) })
        } else {
            let inner = tree.line(named: name)
            if let inner, !inner.isFolder {
                throw GitError(.badRequest, "\(TreePath(bytes: name)) is no folder")
            }
            let changed = try replacing(path.dropFirst(), with: line, in: inner?.id, objects)
            tree.set(name, to: changed.map { TreeLine(mode: TreeLine.folderMode, name: name[...], id: $0) })
        }
        guard !tree.lines.isEmpty else { return nil }
        return try objects.write(tree.raw, as: .tree)
    }

    /// The components of a path written by a person; refuses what git refuses.
    static func components(_ path: String) throws(GitError) -> [[UInt8]] {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        for part in parts where part.isEmpty || part == "." || part == ".." || part.lowercased() == ".git" {
            throw GitError(.badRequest, "\(path) is no path inside a repository")
        }
        guard !path.utf8.contains(0) else { throw GitError(.badRequest, "a path inside a repository has no NUL") }
        return parts.map { Array($0.utf8) }
    }

    /// The entry at a path; `nil` where there is none. Links are not followed.
    static func entry(_ components: [[UInt8]], in root: ObjectID, _ objects: borrowing ObjectStore) throws -> TreeLine?
    {
        var line = TreeLine(mode: TreeLine.folderMode, name: [], id: root)
        for component in components {
            guard line.isFolder, let next = try Tree(line.id, from: objects).line(named: component) else { return nil }
            line = next
        }
        return line
    }
}
