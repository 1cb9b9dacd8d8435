import CLibgit2
import Glibc

/// A push to a repository on this machine. libgit2's own would set the ref without comparing what it was, so that of two
/// writers one would be lost, and it refuses repositories with a working tree altogether. Hooks do not run; where one of them
/// guards the branches, none is pushed.
struct PathPush {
    let source: OpenRepository
    let address: GitAddress

    init(from source: OpenRepository, to address: GitAddress) {
        self.source = source
        self.address = address
    }

    func push(_ id: ObjectID, ref: String, expecting expected: ObjectID?) throws -> PushAnswer {
        let target = try Repository(cloneAt: address.text)
        let present = try target.ref(ref)
        if present == id { return .done }
        guard present == expected else { return .moved }
        if !target.isBare, target.headRef() == ref {
            return .rejected("\(ref) is checked out in \(address); push to a bare repository, or to another branch")
        }
        if ref.hasPrefix("refs/heads/"),
            let hook = Self.guards.first(where: { isProgram(target.folder + "hooks/" + $0) })
        {
            return .rejected(
                "\(address) has a hook, \(hook), that a push to a path would pass by; name the repository by ssh or https"
            )
        }
        if let expected {
            guard try source.repository.withObjects({ $0.exists(expected) }),
                try source.repository.isDescendant(id, of: expected)
            else { return .moved }
        }
        try copyObjects(of: id, to: target)
        do {
            return try target.moveRef(ref, from: expected, to: id) ? .done : .moved
        } catch let failure as LibGitFailure where failure.asLocalError.code == .busy {
            return .moved
        }
    }

    /// The hooks that may refuse a push.
    private static let guards = ["pre-receive", "update", "reference-transaction"]

    private func isProgram(_ path: String) -> Bool { unsafe access(path, X_OK) == 0 }

    /// Packs what the target lacks and writes it there.
    private func copyObjects(of id: ObjectID, to target: borrowing Repository) throws {
        let repository = unsafe source.repository.handle
        var walk: OpaquePointer?
        try LibGitFailure.check("git_revwalk_new", unsafe git_revwalk_new(&walk, repository))
        defer { unsafe git_revwalk_free(walk) }
        var oid = id.oid
        try LibGitFailure.check("git_revwalk_push", unsafe git_revwalk_push(walk, &oid))
        let known = try Set(target.refNames(under: "refs/").compactMap { try? target.ref($0) })
        for tip in known where try source.repository.withObjects({ try $0.header(tip)?.kind == .commit }) {
            var hidden = tip.oid
            try LibGitFailure.check("git_revwalk_hide", unsafe git_revwalk_hide(walk, &hidden))
        }
        var builder: OpaquePointer?
        try LibGitFailure.check("git_packbuilder_new", unsafe git_packbuilder_new(&builder, repository))
        defer { unsafe git_packbuilder_free(builder) }
        try LibGitFailure.check("git_packbuilder_insert_walk", unsafe git_packbuilder_insert_walk(builder, walk))
        guard unsafe git_packbuilder_object_count(builder) > 0 else { return }
        let folder = target.folder + "objects/pack"
        let status = unsafe git_packbuilder_write(builder, folder, 0o444, nil, nil)
        try LibGitFailure.check("git_packbuilder_write", status)
    }
}
