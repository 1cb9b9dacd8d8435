import CLibgit2
import Glibc

/// One conversation with a remote. The callbacks of libgit2 end here; none throws, each leaves what it saw behind.
@safe final class RemoteSession {
    enum Purpose {
        case look
        case push
    }

    let address: GitAddress
    let credential: GitCredential?
    let repository: OpenRepository
    private let remote: OpaquePointer

    // What the callbacks saw.
    var credentialsGiven = 0
    var credentialRefused = false
    var hostRefused = false
    var messages: [UInt8] = []
    var lastProgressMilliseconds: Int64 = 0
    var expectedOld: ObjectID?
    var hasMoved = false
    var refusal: String?

    init(address: GitAddress, credential: GitCredential?, repository: OpenRepository) throws(LibGitFailure) {
        self.address = address
        self.credential = credential
        self.repository = repository
        let function = "git_remote_create_with_opts"
        var options = unsafe git_remote_create_options()
        try LibGitFailure.check(
            "git_remote_create_options_init",
            unsafe git_remote_create_options_init(&options, UInt32(GIT_REMOTE_CREATE_OPTIONS_VERSION)))
        unsafe options.repository = repository.repository.handle
        // An address is taken as it is. Besides, libgit2 1.5 loses 20 KB for each line of configuration that it compares with
        // `url.*.insteadOf`, which is some MiB a minute where much is asked.
        unsafe options.flags = GIT_REMOTE_CREATE_SKIP_INSTEADOF.rawValue
        var created: OpaquePointer?
        try LibGitFailure.check(function, unsafe git_remote_create_with_opts(&created, address.text, &options))
        guard let created = unsafe created else {
            throw LibGitFailure(function: function, code: -1, area: 0, text: "no handle was given")
        }
        unsafe remote = created
    }

    deinit {
        unsafe git_remote_free(remote)
    }

    /// Connects and returns the refs that the remote names.
    func connect(_ purpose: Purpose) throws(LibGitFailure) -> [String: ObjectID] {
        var options = unsafe git_remote_connect_options()
        try LibGitFailure.check(
            "git_remote_connect_options_init",
            unsafe git_remote_connect_options_init(&options, UInt32(GIT_REMOTE_CONNECT_OPTIONS_VERSION)))
        unsafe options.callbacks = try callbacks()
        unsafe options.follow_redirects = GIT_REMOTE_REDIRECT_NONE
        let direction = purpose == .push ? GIT_DIRECTION_PUSH : GIT_DIRECTION_FETCH
        try LibGitFailure.check("git_remote_connect_ext", unsafe git_remote_connect_ext(remote, direction, &options))
        return try heads()
    }

    private func heads() throws(LibGitFailure) -> [String: ObjectID] {
        var list: UnsafeMutablePointer<UnsafePointer<git_remote_head>?>?
        var count = 0
        try LibGitFailure.check("git_remote_ls", unsafe git_remote_ls(&list, &count, remote))
        var found: [String: ObjectID] = [:]
        for index in 0..<count {
            guard let head = unsafe list?[index], let name = unsafe head.pointee.name else { continue }
            unsafe found[String(cString: name)] = ObjectID(head.pointee.oid)
        }
        return found
    }

    /// Transfers one ref with its history, over the connection that is open.
    func fetch(_ ref: String, into target: String) throws(LibGitFailure) {
        var options = unsafe git_fetch_options()
        try LibGitFailure.check(
            "git_fetch_options_init", unsafe git_fetch_options_init(&options, UInt32(GIT_FETCH_OPTIONS_VERSION)))
        unsafe options.callbacks = try callbacks()
        unsafe options.prune = GIT_FETCH_NO_PRUNE
        unsafe options.update_fetchhead = 0
        unsafe options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE
        unsafe options.follow_redirects = GIT_REMOTE_REDIRECT_NONE
        let status = unsafe withStrings(["+\(ref):\(target)"]) { unsafe git_remote_fetch(remote, &$0, &options, nil) }
        try LibGitFailure.check("git_remote_fetch", status)
    }

    /// Pushes over the connection that is open.
    func push(_ id: ObjectID, ref: String, expecting expected: ObjectID?) throws -> PushAnswer {
        // libgit2 pushes refs, not ids.
        let source = Refs.remoteFolder + "push"
        var oid = id.oid
        var created: OpaquePointer?
        let status = unsafe git_reference_create(&created, repository.repository.handle, source, &oid, 1, nil)
        unsafe git_reference_free(created)
        try LibGitFailure.check("git_reference_create", status)

        expectedOld = expected
        var options = unsafe git_push_options()
        try LibGitFailure.check(
            "git_push_options_init", unsafe git_push_options_init(&options, UInt32(GIT_PUSH_OPTIONS_VERSION)))
        unsafe options.callbacks = try callbacks()
        unsafe options.pb_parallelism = 1
        unsafe options.follow_redirects = GIT_REMOTE_REDIRECT_NONE
        let pushed = unsafe withStrings(["\(source):\(ref)"]) { unsafe git_remote_push(remote, &$0, &options) }
        do {
            try LibGitFailure.check("git_remote_push", pushed)
        } catch {
            if hasMoved || error.hasCode(GIT_ENONFASTFORWARD) { return .moved }
            if refusal == nil { throw error }
        }
        guard let refusal else { return .done }
        let movedSigns = [
            "fetch first", "non-fast-forward", "stale info", "failed to update ref", "failed to lock",
            "cannot lock ref",
            "incorrect old value", "reference already exists", "but expected",
        ]
        if movedSigns.contains(where: refusal.contains) { return .moved }
        let said = String(decoding: messages, as: UTF8.self)
        return .rejected(
            CleanText.line(said.isEmpty ? refusal : "\(refusal): \(said)", maxCharacters: GitError.maxMessageCharacters)
        )
    }

    private func callbacks() throws(LibGitFailure) -> git_remote_callbacks {
        var callbacks = unsafe git_remote_callbacks()
        try LibGitFailure.check(
            "git_remote_init_callbacks",
            unsafe git_remote_init_callbacks(&callbacks, UInt32(GIT_REMOTE_CALLBACKS_VERSION)))
        unsafe install(in: &callbacks)
        unsafe callbacks.payload = Unmanaged.passUnretained(self).toOpaque()
        return unsafe callbacks
    }

    private func withStrings(_ strings: [String], _ body: (inout git_strarray) -> Int32) -> Int32 {
        var copies = unsafe strings.map { unsafe strdup($0) }
        defer { for index in unsafe copies.indices { unsafe free(copies[index]) } }
        return unsafe copies.withUnsafeMutableBufferPointer { buffer in
            var array = unsafe git_strarray(strings: buffer.baseAddress, count: buffer.count)
            return unsafe body(&array)
        }
    }
}
