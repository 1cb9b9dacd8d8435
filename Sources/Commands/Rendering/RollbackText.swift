import Domain

/// What became of the commit of a rollback.
enum RollbackText {
    static func of(_ outcome: RollbackOutcome, name: String, branch: String) -> String {
        switch outcome {
        case .pushed(let commit):
            return "ballast: \(change(commit, name)) was pushed to \(branch) as \(commit.id.short)"
        case .refused(let commit, let own, let answer, let mergeRequest):
            let answer = UntrustedText.cleaned(answer)
            let next = mergeRequest.map { "Open a merge request: \($0)" } ?? "Open a merge request from \(own)."
            return """
                ballast: \(branch) refused the push: \(answer)
                  \(change(commit, name)) was pushed to \(own) as \(commit.id.short); nothing is rolled out before it is merged.
                  \(next)
                """
        case .unchanged(let version):
            return "ballast: the manifest of \(name) names \(version) already; no commit was made"
        }
    }

    private static func change(_ commit: RollbackCommit, _ name: String) -> String {
        "\(commit.path): \(name) from \(commit.from) to \(commit.to)"
    }
}
