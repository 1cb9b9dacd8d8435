import CGitShim
import CLibgit2

/// The library as a whole: started once in each worker process, before anything else of it is used.
enum LibGit {
    private static let objectCacheBytes = 16 * 1024 * 1024
    private static let windowBytes = 32 * 1024 * 1024
    private static let mappedBytes = 256 * 1024 * 1024
    private static let maxOpenPackFiles = 64
    private static let maxPackObjects = 1_000_000
    /// High on purpose: one larger object anywhere in the history would make the whole fetch fail. Blobs are asked for
    /// their size before they are read instead.
    private static let maxPackObjectBytes = 2 * 1024 * 1024 * 1024

    /// Initializes the library with bounds on memory, with durable writes, and blind to the configuration of the machine
    /// and its users (whose `insteadOf` would send us elsewhere).
    static func start() throws(LibGitFailure) {
        try LibGitFailure.check("git_libgit2_init", git_libgit2_init())
        try size(GIT_OPT_SET_CACHE_MAX_SIZE, objectCacheBytes)
        try size(GIT_OPT_SET_MWINDOW_SIZE, windowBytes)
        try size(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT, mappedBytes)
        try size(GIT_OPT_SET_MWINDOW_FILE_LIMIT, maxOpenPackFiles)
        try size(GIT_OPT_SET_PACK_MAX_OBJECTS, maxPackObjects)
        try size(GIT_OPT_SET_PACK_MAX_OBJECT_SIZE, maxPackObjectBytes)
        try flag(GIT_OPT_ENABLE_FSYNC_GITDIR, true)
        try flag(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, true)
        try flag(GIT_OPT_ENABLE_STRICT_OBJECT_CREATION, true)
        for level in [
            GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL,
        ] {
            try LibGitFailure.check("git_libgit2_opts", unsafe ballast_git_set_search_path(level.rawValue, ""))
        }
    }

    /// Lets `https` verify against this bundle of certificates alone.
    static func trust(certificateFile path: String) throws(LibGitFailure) {
        try LibGitFailure.check("git_libgit2_opts", unsafe ballast_git_set_certificate_file(path))
    }

    /// Keeps the HTTP transport on one server, whatever that server redirects to.
    static func connectOnly(to address: GitAddress) throws(LibGitFailure) {
        guard address.scheme == .http || address.scheme == .https else { return }
        let port = String(address.port ?? (address.scheme == .https ? 443 : 80))
        try LibGitFailure.check("git_stream_register", unsafe ballast_git_allow_only(address.host, port))
    }

    private static func size(_ option: git_libgit2_opt_t, _ value: Int) throws(LibGitFailure) {
        try LibGitFailure.check(
            "git_libgit2_opts", ballast_git_set_size_option(Int32(bitPattern: option.rawValue), value))
    }

    private static func flag(_ option: git_libgit2_opt_t, _ value: Bool) throws(LibGitFailure) {
        try LibGitFailure.check(
            "git_libgit2_opts", ballast_git_set_flag_option(Int32(bitPattern: option.rawValue), value ? 1 : 0))
    }
}

extension ObjectID {
    init(_ oid: git_oid) {
        var copy = oid
        let bytes = unsafe withUnsafeBytes(of: &copy.id) { unsafe Array($0) }
        // `git_oid` is 20 bytes in this version of the library; an id of zeros would be found nowhere.
        self = ObjectID(bytes: bytes) ?? ObjectID.zero
    }

    static var zero: ObjectID { ObjectID() }

    var oid: git_oid {
        var result = git_oid()
        let source = bytes
        unsafe withUnsafeMutableBytes(of: &result.id) { unsafe $0.copyBytes(from: source) }
        return result
    }
}
