import CLibgit2

extension Repository {
    /// The commits that `head` reaches and `base` does not, children before parents; the first `maxCommits` of them.
    func commits(from head: ObjectID, excluding base: ObjectID?, maxCommits: Int) throws -> [ObjectID] {
        var found: [ObjectID] = []
        var walk: OpaquePointer?
        try LibGitFailure.check("git_revwalk_new", unsafe git_revwalk_new(&walk, handle))
        defer { unsafe git_revwalk_free(walk) }
        let sorting = GIT_SORT_TOPOLOGICAL.rawValue | GIT_SORT_TIME.rawValue
        try LibGitFailure.check("git_revwalk_sorting", unsafe git_revwalk_sorting(walk, sorting))
        var start = head.oid
        try LibGitFailure.check("git_revwalk_push", unsafe git_revwalk_push(walk, &start))
        if let base {
            var end = base.oid
            try LibGitFailure.check("git_revwalk_hide", unsafe git_revwalk_hide(walk, &end))
        }
        var next = git_oid()
        while found.count < maxCommits {
            let status = unsafe git_revwalk_next(&next, walk)
            if status == GIT_ITEROVER.rawValue { break }
            try LibGitFailure.check("git_revwalk_next", status)
            found.append(ObjectID(next))
        }
        git_error_clear()
        return found
    }

    /// True where the two are the same commit or one descends from the other.
    func isDescendant(_ id: ObjectID, of ancestor: ObjectID) throws -> Bool {
        if id == ancestor { return true }
        var one = id.oid
        var other = ancestor.oid
        let status = unsafe git_graph_descendant_of(handle, &one, &other)
        return try LibGitFailure.check("git_graph_descendant_of", status) == 1
    }
}
