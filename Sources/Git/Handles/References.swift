import CLibgit2

extension Repository {
    /// Where a ref, or `HEAD`, is; `nil` where there is none.
    func ref(_ name: String) throws -> ObjectID? {
        guard name.hasPrefix("refs/") || name == "HEAD", isValid(refName: name) else {
            throw GitError(.badRequest, "\(name) is no full name of a ref")
        }
        var oid = git_oid()
        let status = unsafe git_reference_name_to_id(&oid, handle, name)
        if status == GIT_ENOTFOUND.rawValue {
            git_error_clear()
            return nil
        }
        try LibGitFailure.check("git_reference_name_to_id", status)
        return ObjectID(oid)
    }

    /// Moves a ref if, and only if, it is at `old` (`nil`: absent), under git's own lock file, so that git processes and
    /// other writers are excluded while it is compared.
    /// - Returns: false where it is elsewhere.
    func moveRef(_ name: String, from old: ObjectID?, to new: ObjectID) throws -> Bool {
        guard name.hasPrefix("refs/"), isValid(refName: name) else {
            throw GitError(.badRequest, "\(name) is no full name of a ref")
        }
        var transaction: OpaquePointer?
        try LibGitFailure.check("git_transaction_new", unsafe git_transaction_new(&transaction, handle))
        defer { unsafe git_transaction_free(transaction) }
        try LibGitFailure.check("git_transaction_lock_ref", unsafe git_transaction_lock_ref(transaction, name))
        guard try ref(name) == old else { return false }
        var oid = new.oid
        try LibGitFailure.check(
            "git_transaction_set_target", unsafe git_transaction_set_target(transaction, name, &oid, nil, nil))
        try LibGitFailure.check("git_transaction_commit", unsafe git_transaction_commit(transaction))
        return true
    }

    /// All refs by full name; symbolic ones are resolved, broken ones left out.
    func refNames(under prefix: String) throws -> [String] {
        var iterator: OpaquePointer?
        try LibGitFailure.check(
            "git_reference_iterator_glob_new", unsafe git_reference_iterator_glob_new(&iterator, handle, prefix + "*"))
        defer { unsafe git_reference_iterator_free(iterator) }
        var names: [String] = []
        var name: UnsafePointer<CChar>?
        while true {
            let status = unsafe git_reference_next_name(&name, iterator)
            if status == GIT_ITEROVER.rawValue { break }
            try LibGitFailure.check("git_reference_next_name", status)
            if let name = unsafe name { names.append(unsafe String(cString: name)) }
        }
        git_error_clear()
        return names
    }
}

private func isValid(refName name: String) -> Bool {
    var isValid: Int32 = 0
    return unsafe git_reference_name_is_valid(&isValid, name) == 0 && isValid == 1
}
