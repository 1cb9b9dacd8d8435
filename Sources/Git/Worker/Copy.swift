import Glibc

/// The folder of the copy as a worker sees it: the bare repository, the locks, and the home that ssh wants.
final class Copy {
    private let setup: WorkerSetup
    private var opened: OpenRepository?
    private var heldLock: Int32?

    private static let repositoryName = "repository.git"
    private static let maxLockWaitMilliseconds = 5_000

    init(_ setup: WorkerSetup) {
        self.setup = setup
    }

    var repositoryPath: String { setup.isClone ? setup.path : "\(setup.path)/\(Self.repositoryName)" }
    /// Where ssh finds its `.ssh/known_hosts`.
    var homePath: String { "\(setup.path)/home" }

    /// Holds the lock of this role for the life of the process, so that a worker whose parent was killed and a new one never
    /// write at once.
    func lock() throws {
        guard !setup.isClone else { return }
        try Files.makeFolder(setup.path)
        heldLock = try Files.lock(
            "\(setup.path)/\(setup.role.rawValue).lock", maxWaitMilliseconds: Self.maxLockWaitMilliseconds)
    }

    /// The repository, opened once; made where there is none.
    func repository() throws -> OpenRepository {
        if let opened { return opened }
        let fresh: OpenRepository
        if setup.isClone {
            fresh = try openClone()
        } else {
            fresh = try openOrCreate()
        }
        opened = fresh
        return fresh
    }

    /// The next request opens it anew: what was deleted meanwhile stays open and mapped by the handle until then.
    func reopenLater() { opened = nil }

    private func openClone() throws -> OpenRepository {
        do {
            return try OpenRepository(cloneAt: setup.path)
        } catch {
            let failure: LibGitFailure = error
            if failure.asLocalError.code != .notFound { throw failure }
            throw GitError(.noSuchRepository, "there is no git repository at \(setup.path)")
        }
    }

    private func openOrCreate() throws -> OpenRepository {
        let creation = try Files.lock(
            "\(setup.path)/create.lock", maxWaitMilliseconds: Self.maxLockWaitMilliseconds)
        defer { close(creation) }
        if !Files.exists(repositoryPath) {
            let unfinished = repositoryPath + ".new"
            Files.remove(unfinished)
            try Repository.create(at: unfinished)
            // What was set aside may have been damaged by what it borrowed.
            if let lender = setup.lender, !Files.exists(asidePath) {
                do { try Loan(lender: lender).take(into: unfinished) } catch {
                    // It only saves work: without it everything is fetched.
                    Files.remove(unfinished)
                    try Repository.create(at: unfinished)
                }
            }
            try Files.move(unfinished, to: repositoryPath)
            Files.flush(folder: setup.path)
        }
        guard Files.exists("\(repositoryPath)/HEAD"), Files.exists("\(repositoryPath)/objects") else {
            throw GitError(.damagedMirror, "the copy in \(repositoryPath) is no repository any more")
        }
        let opened = try OpenRepository(bareAt: repositoryPath)
        opened.repository.removeLeftovers(of: setup.role)
        return opened
    }

    /// Renames the repository; an older one that was set aside is deleted first.
    /// - Returns: where it is now; empty where there was none.
    func setAside() throws -> String {
        guard !setup.isClone else { throw GitError(.badRequest, "somebody's clone is not set aside") }
        opened = nil
        guard Files.exists(repositoryPath) else { return "" }
        Files.remove(asidePath)
        try Files.move(repositoryPath, to: asidePath)
        Files.flush(folder: setup.path)
        return asidePath
    }

    private var asidePath: String { repositoryPath + ".damaged" }
}

/// A reference to the one open repository of a worker.
final class OpenRepository {
    let repository: Repository

    init(bareAt path: String) throws(LibGitFailure) {
        repository = try Repository(bareAt: path)
    }

    init(cloneAt path: String) throws(LibGitFailure) {
        repository = try Repository(cloneAt: path)
    }
}
