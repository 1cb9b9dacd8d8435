import CLibgit2

/// A failed call of libgit2: its code and class, and the text it left behind.
struct LibGitFailure: Error {
    var function: String
    var code: Int32
    var area: UInt32
    var text: String

    /// Turns a status below zero into an error. Must run on the thread of the call, with nothing between: the text belongs to
    /// the thread. The text is cleared, since some functions fail without setting one.
    @discardableResult
    static func check(_ function: String, _ status: Int32) throws(LibGitFailure) -> Int32 {
        guard status < 0 else { return status }
        var text = ""
        var area: UInt32 = 0
        if let last = unsafe git_error_last() {
            area = UInt32(bitPattern: unsafe last.pointee.klass)
            if let message = unsafe last.pointee.message { text = unsafe String(cString: message) }
        }
        git_error_clear()
        throw LibGitFailure(function: function, code: status, area: area, text: text)
    }

    func hasCode(_ expected: git_error_code) -> Bool { code == expected.rawValue }
    func isIn(_ areas: git_error_t...) -> Bool { areas.contains { $0.rawValue == area } }

    private var said: String { text.isEmpty ? "\(function) failed with \(code)" : text }

    /// What a failure on the copy means.
    var asLocalError: GitError {
        if hasCode(GIT_ENOTFOUND) { return GitError(.notFound, "git: \(said)") }
        if hasCode(GIT_ELOCKED) {
            return GitError(.busy, "the repository is locked by another process", cause: said)
        }
        if hasCode(GIT_EMODIFIED) || hasCode(GIT_EEXISTS) {
            return GitError(.conflict, "the ref was moved by somebody else meanwhile", cause: said)
        }
        if hasCode(GIT_EINVALIDSPEC) { return GitError(.badRequest, "git: \(said)") }
        if hasCode(GIT_EAMBIGUOUS) {
            return GitError(.conflict, "the abbreviated id fits several objects", cause: said)
        }
        if hasCode(GIT_EOWNER) {
            return GitError(
                .unusable, "the repository belongs to another user; run as its owner, or change the owner", cause: said)
        }
        if isIn(GIT_ERROR_NOMEMORY) { return GitError(.tooLarge, "out of memory while working on the repository") }
        if isIn(GIT_ERROR_OS, GIT_ERROR_FILESYSTEM, GIT_ERROR_REPOSITORY, GIT_ERROR_CONFIG) {
            return GitError(.unusable, "the copy of the repository cannot be used: \(said)")
        }
        return GitError(.damagedMirror, "the copy of the repository is damaged: \(said)")
    }
}
