import Foundation

/// A repository made with the real `git`, with nothing of the machine's configuration and the same ids on every run:
/// authors are fixed and each commit is one minute after the one before.
package final class GitFixture {
    package struct Person: Sendable {
        package var name: String
        package var email: String
        package init(_ name: String, _ email: String) {
            self.name = name
            self.email = email
        }
        package static let alice = Person("Alice", "alice@example.com")
        package static let bob = Person("Bob", "bob@example.com")
    }

    /// The work tree.
    package let path: String
    /// Seconds since 1970 of the next commit.
    package var clock: Int

    private init(path: String, clock: Int) {
        self.path = path
        self.clock = clock
    }

    /// 2026-11-22T10:00:00Z.
    package static let firstCommitSeconds = 1_795_341_600

    /// Makes an empty repository at `folder/name`.
    package static func create(in folder: TemporaryFolder, name: String = "repository", branch: String = "main")
        async throws -> GitFixture
    {
        let fixture = GitFixture(path: folder.path(name), clock: firstCommitSeconds)
        try folder.makeFolder(name)
        try await fixture.git("init", "--quiet", "--initial-branch=\(branch)")
        return fixture
    }

    /// The variables under which every command runs.
    package static let environment: [String: String?] = [
        "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0", "GIT_DIR": nil, "GIT_WORK_TREE": nil, "GIT_INDEX_FILE": nil, "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
    ]

    /// Runs `git` in the work tree.
    /// - Returns: Its standard output without the last newline.
    @discardableResult
    package func git(_ arguments: String..., input: String = "", author: Person = .alice, committer: Person? = nil)
        async throws -> String
    {
        try await git(arguments, input: input, author: author, committer: committer)
    }

    @discardableResult
    package func git(_ arguments: [String], input: String = "", author: Person = .alice, committer: Person? = nil)
        async throws -> String
    {
        let committer = committer ?? author
        var variables = Self.environment
        variables["GIT_AUTHOR_NAME"] = author.name
        variables["GIT_AUTHOR_EMAIL"] = author.email
        variables["GIT_AUTHOR_DATE"] = "\(clock) +0000"
        variables["GIT_COMMITTER_NAME"] = committer.name
        variables["GIT_COMMITTER_EMAIL"] = committer.email
        variables["GIT_COMMITTER_DATE"] = "\(clock) +0000"
        let output = try await checkProcess(
            "git", ["-c", "commit.gpgSign=false", "-c", "advice.detachedHead=false"] + arguments,
            environment: variables, in: path, input: input)
        return output.standardOutput.hasSuffix("\n")
            ? String(output.standardOutput.dropLast()) : output.standardOutput
    }

    /// Writes (or, for `nil`, removes) files and commits them.
    /// - Returns: The commit's id, 40 hexadecimal digits.
    @discardableResult
    package func commit(
        _ files: [String: String?], message: String, author: Person = .alice, committer: Person? = nil
    ) async throws -> String {
        for (name, text) in files.sorted(by: { $0.key < $1.key }) { try put(text, at: name) }
        try await git("add", "--all")
        return try await commitIndex(message: message, author: author, committer: committer)
    }

    /// Commits what is in the index, empty or not.
    @discardableResult
    package func commitIndex(message: String, author: Person = .alice, committer: Person? = nil) async throws
        -> String
    {
        try await git(
            ["commit", "--quiet", "--allow-empty", "--no-verify", "--message", message], author: author,
            committer: committer)
        clock += 60
        return try await head()
    }

    /// `git revert`, with git's own message.
    @discardableResult
    package func revert(_ commit: String, author: Person = .alice) async throws -> String {
        try await git(["revert", "--no-edit", commit], author: author)
        clock += 60
        return try await head()
    }

    /// Makes a branch at `start` and checks it out.
    package func branch(_ name: String, at start: String = "HEAD") async throws {
        try await git("checkout", "--quiet", "-b", name, start)
    }

    package func checkout(_ name: String) async throws { try await git("checkout", "--quiet", name) }

    /// Merges with a merge commit.
    @discardableResult
    package func merge(_ name: String, message: String, author: Person = .alice) async throws -> String {
        try await git(["merge", "--quiet", "--no-ff", "--message", message, name], author: author)
        clock += 60
        return try await head()
    }

    package func head(_ name: String = "HEAD") async throws -> String { try await git("rev-parse", name) }

    /// A bare clone beside the work tree, known to it as `origin`.
    /// - Returns: Its absolute path.
    @discardableResult
    package func cloneBare(to path: String) async throws -> String {
        try await git("clone", "--quiet", "--bare", self.path, path)
        try await git("remote", "add", "origin", path)
        return path
    }

    package func push(_ refspec: String = "HEAD", force: Bool = false) async throws {
        try await git(["push", "--quiet"] + (force ? ["--force"] : []) + ["origin", refspec])
    }

    private func put(_ text: String?, at name: String) throws {
        let url = URL(filePath: path).appending(path: name)
        guard let text else {
            try FileManager.default.removeItem(at: url)
            return
        }
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }
}
