import CLibgit2

/// An open repository. Everything below it lives inside one of its closures; values come out.
@safe struct Repository: ~Copyable {
    let handle: OpaquePointer
    /// The folder with `objects` and `refs`, ending in a slash.
    let folder: String

    /// Opens the bare repository at exactly this path.
    init(bareAt path: String) throws(LibGitFailure) {
        var opened: OpaquePointer?
        try LibGitFailure.check("git_repository_open_bare", unsafe git_repository_open_bare(&opened, path))
        try unsafe self.init(opened)
    }

    /// Opens a clone, bare or with a working tree, at exactly this path.
    init(cloneAt path: String) throws(LibGitFailure) {
        var opened: OpaquePointer?
        try LibGitFailure.check("git_repository_open", unsafe git_repository_open(&opened, path))
        try unsafe self.init(opened)
    }

    /// Makes an empty bare repository.
    static func create(at path: String) throws(LibGitFailure) {
        var opened: OpaquePointer?
        defer { unsafe git_repository_free(opened) }
        try LibGitFailure.check("git_repository_init", unsafe git_repository_init(&opened, path, 1))
    }

    private init(_ opened: OpaquePointer?) throws(LibGitFailure) {
        guard let opened = unsafe opened else {
            throw LibGitFailure(function: "git_repository_open", code: -1, area: 0, text: "no handle was given")
        }
        unsafe handle = opened
        folder = unsafe git_repository_path(opened).map { unsafe String(cString: $0) } ?? ""
    }

    deinit {
        unsafe git_repository_free(handle)
    }

    var isBare: Bool { unsafe git_repository_is_bare(handle) == 1 }
    var isShallow: Bool { unsafe git_repository_is_shallow(handle) == 1 }

    /// The ref that HEAD names (`refs/heads/main`), whether it exists or not; `nil` where HEAD is detached.
    func headRef() -> String? {
        var reference: OpaquePointer?
        let status = unsafe git_reference_lookup(&reference, handle, "HEAD")
        defer { unsafe git_reference_free(reference) }
        guard status == 0, let target = unsafe git_reference_symbolic_target(reference) else {
            git_error_clear()
            return nil
        }
        return unsafe String(cString: target)
    }

    /// Lends the object database for the time of `body`.
    func withObjects<Result>(_ body: (borrowing ObjectStore) throws -> Result) throws -> Result {
        try body(try ObjectStore(of: self))
    }
}
