/// Where the repository is and how it is worked on.
package struct GitSettings: Sendable {
    package enum Place: Hashable, Sendable {
        /// A folder of our own (made with mode 0700 where absent) that holds the bare copy, its locks and the ssh home.
        /// `lender`: another bare copy of the same remote on this machine, whose objects a new copy uses rather than fetch
        /// them; it has to stay there. Nothing is written there, and one that cannot be read is done without.
        case copy(folder: String, lender: String? = nil)
        /// Somebody's clone, bare or not: read only, nothing is locked or cleaned there.
        case clone(path: String)
    }

    /// The executable that is started as `EXECUTABLE git-worker`: `/proc/self/exe` in the product, the built product in tests.
    package var workerPath: String
    package var place: Place
    /// Without one, every request to the remote is a `badRequest`.
    package var remote: GitAddress?
    /// A PEM bundle for `https`; the system's where `nil`.
    package var caFile: String?
    package var limits: GitLimits
    /// Asked before every request to the remote, so that a rotated file is read again. Throws: the request fails with
    /// `authentication` and the error's text.
    package var credential: @Sendable () async throws -> GitCredential?

    package init(
        workerPath: String, place: Place, remote: GitAddress? = nil, caFile: String? = nil,
        limits: GitLimits = GitLimits(),
        credential: @escaping @Sendable () async throws -> GitCredential? = { nil }
    ) {
        self.workerPath = workerPath
        self.place = place
        self.remote = remote
        self.caFile = caFile
        self.limits = limits
        self.credential = credential
    }
}

/// Bounds on what git work may take. A worker that passes one is ended, not asked.
package struct GitLimits: Hashable, Sendable, Codable {
    /// For one look at the remote, and for silence in a transfer (`source.timeout`).
    package var remoteTimeout: Duration = .seconds(60)
    /// For a transfer that makes progress (`source.transferTimeout`).
    package var transferTimeout: Duration = .seconds(1_800)
    /// For one request on the local copy. Beyond it the copy counts as damaged: libgit2 spins on some damage for ever.
    package var localTimeout: Duration = .seconds(60)
    /// Address space of one worker.
    package var maxWorkerMemoryBytes: UInt64 = 4 * 1024 * 1024 * 1024
    /// More changes in one answer are `tooLarge`.
    package var maxChanges: Int = 100_000

    package init() {}
}
