import CLibgit2

extension RemoteSession {
    /// What a failed conversation means. libgit2 has codes for few of these, so its texts (of 1.5.1) are read too; an
    /// unknown one counts as `unreachable`, which is tried again later.
    func describe(_ failure: LibGitFailure) -> GitError {
        let said = failure.text.isEmpty ? nil : failure.text
        let text = failure.text.lowercased()
        func has(_ signs: String...) -> Bool { signs.contains(where: text.contains) }

        if hostRefused || failure.hasCode(GIT_ECERTIFICATE) || has("known_hosts", "hostkey", "host key", "certificate")
        {
            return GitError(.hostKey, "\(address) does not prove who it is: \(hostRemedy)", cause: said)
        }
        if credentialRefused || failure.hasCode(GIT_EAUTH) || has("authenticat", "status code: 401", "status code: 403")
        {
            let what =
                credential == nil ? "wants a credential; set source.auth" : "refuses the credential of source.auth"
            return GitError(.authentication, "\(address) \(what)", cause: said)
        }
        if failure.hasCode(GIT_EOWNER) {
            return GitError(
                .unusable, "\(address) belongs to another user; run as its owner, or change the owner", cause: said)
        }
        if has(
            "status code: 404", "repository not found", "not exported", "does not appear to be a git repository",
            "could not find repository")
            || address.scheme == .file && (failure.hasCode(GIT_ENOTFOUND) || has("unsupported url protocol"))
        {
            let isWords = !has("unsupported url protocol")
            return GitError(.noSuchRepository, "there is no repository at \(address)", cause: isWords ? said : nil)
        }
        // The line with which a server says that it is shallow is one that this version of libgit2 cannot read.
        if has("shallow", "error parsing ref pkt-line") { return shallow(cause: said) }
        if failure.isIn(GIT_ERROR_NOMEMORY) {
            return GitError(.tooLarge, "what \(address) sends does not fit into the worker's memory", cause: said)
        }
        if failure.isIn(GIT_ERROR_INDEXER, GIT_ERROR_ZLIB, GIT_ERROR_ODB, GIT_ERROR_SHA, GIT_ERROR_OBJECT)
            || has(
                "invalid pkt", "corrupt", "unparseable", "invalid content-type", "unexpected pkt", "malformed",
                "redirect")
        {
            return GitError(.protocolError, "\(address) does not answer as a git server does", cause: said)
        }
        return GitError(.unreachable, "\(address) cannot be reached, or broke off", cause: said)
    }

    /// A remote that lacks the older part of its history cannot be followed: parents would be missing.
    func refuseShallow() throws {
        guard address.scheme == .file else { return }
        let source = try Repository(cloneAt: address.text)
        if source.isShallow { throw shallow(cause: nil) }
    }

    private func shallow(cause: String?) -> GitError {
        GitError(
            .shallowRemote,
            "\(address) is, it seems, a shallow copy of another repository; complete it with `git fetch --unshallow`",
            cause: cause)
    }

    private var hostRemedy: String {
        address.scheme == .ssh
            ? "its host key is another one than knownHostsFile has. Somebody may stand in between: find out why it changed, and "
                + "only then replace it there" : "check its certificate, or name its authority in caFile"
    }
}
