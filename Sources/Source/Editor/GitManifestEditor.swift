package import Documents
package import Domain
import Foundation
package import Git

/// Makes the commit of a rollback: the value of one version, nothing else of the file.
package struct GitManifestEditor: ManifestEditor {
    private let access: RepositoryAccess
    private let decoder: ManifestDecoder
    private let signingKey: SSHSigningKey?

    /// The branch may move between our look and our push; more often than this somebody is racing us.
    private static let maxPushTries = 4

    package init(access: RepositoryAccess, decoder: ManifestDecoder, signingKey: SSHSigningKey? = nil) {
        self.access = access
        self.decoder = decoder
        self.signingKey = signingKey
    }

    /// Reads the key of `source.signingKey`.
    /// - Throws: `SourceFailure` with `misconfigured`.
    package static func signingKey(
        _ reference: SecretReference, secrets: any Secrets
    ) async throws(SourceFailure) -> SSHSigningKey {
        do {
            let text = try await offPool { try secrets.read(reference).reveal() }
            return try SSHSigningKey(file: Array(text.utf8))
        } catch let problem as KeyListProblem {
            throw SourceFailure(.misconfigured, "source.signingKey: \(problem.message)")
        } catch let problem as SecretProblem {
            throw SourceFailure(.misconfigured, "source.signingKey: \(problem.message)")
        } catch {
            throw SourceFailure(any: error)
        }
    }

    package func rollback(_ request: RollbackRequest) async -> Answered<RollbackOutcome> {
        await answering {
            try await access.repairing { _ in
                for _ in 0..<Self.maxPushTries {
                    if let outcome = try await tryOnce(request) { return outcome }
                }
                throw SourceFailure(.refused, "branch \(access.settings.branch) kept moving; try again")
            }
        }
    }

    /// - Returns: `nil` where the branch moved before the push.
    private func tryOnce(_ request: RollbackRequest) async throws -> RollbackOutcome? {
        let branch = access.settings.branch
        let head = try await access.git.fetch(branch: branch).head
        let edit = try await edit(request, at: head)
        guard let commit = edit.commit else { return .unchanged(version: edit.to) }
        let made = RollbackCommit(
            id: CommitID(commit), path: edit.path, from: edit.from, to: edit.to, reverts: edit.reverts)
        switch try await access.git.push(commit, to: "refs/heads/\(branch)", expecting: head) {
        case .done: return .pushed(made)
        case .moved: return nil
        case .rejected(let words): return try await pushAside(made, commit, request, refusal: words)
        }
    }

    private func pushAside(
        _ made: RollbackCommit, _ commit: ObjectID, _ request: RollbackRequest, refusal: String
    ) async throws -> RollbackOutcome {
        let branch = Self.ownBranch(request)
        let answer = PlainText.line(refusal, maxBytes: SourceLimits.maxMessageBytes)
        switch try await access.git.push(commit, to: "refs/heads/\(branch)", expecting: nil) {
        case .done:
            let link = MergeRequestLink.link(for: access.address, branch: branch, into: access.settings.branch)
            return .refused(made, branch: branch, answer: answer, mergeRequest: link)
        case .moved:
            throw SourceFailure(.refused, "the remote already has a branch \(branch)")
        case .rejected(let words):
            throw SourceFailure(
                .refused,
                "the remote refused branch \(access.settings.branch) (\(answer)) and branch \(branch) too: "
                    + PlainText.line(words, maxBytes: SourceLimits.maxMessageBytes))
        }
    }

    /// Two dots in a row are legal in a name, and not in a branch.
    static func ownBranch(_ request: RollbackRequest) -> String {
        var name = request.name
        while let dots = name.range(of: "..") { name.replaceSubrange(dots, with: ".-") }
        return "ballast/rollback-\(name)-\(request.branchSuffix)"
    }

    private struct Edit {
        var path: String
        var from: String
        var to: String
        var reverts: CommitID?
        /// `nil`: there is nothing to change.
        var commit: ObjectID?
    }

    private func edit(_ request: RollbackRequest, at head: ObjectID) async throws -> Edit {
        let history = VersionHistory(
            git: access.git, paths: ManifestPaths(folder: access.settings.path), decoder: decoder)
        let now = try await history.manifest(named: request.name, at: head)
        let target: String
        var change: VersionHistory.Change?
        switch request.target {
        case .version(let version): target = version
        case .lastVersionChange:
            change = try await history.lastVersionChange(of: now, from: head)
            target = change?.before.manifest.spec.version ?? now.manifest.spec.version
            if request.failedHere.contains(target) {
                throw SourceFailure(
                    .refused,
                    "\(request.name) named \(target) before, and \(target) failed here; say which version with --to")
            }
        }
        let from = now.manifest.spec.version
        guard target != from else { return Edit(path: now.path, from: from, to: target) }
        let content: [UInt8]
        do {
            content = try decoder.replacingVersion(in: now.file, document: now.index, with: target)
        } catch {
            throw SourceFailure(.refused, "\(now.path): \(error.message)")
        }
        let isWhole = change.map { restores($0, content, index: now.index, path: now.path) } ?? false
        let message = Self.message(request, from: from, to: target, undone: change?.step, isWhole: isWhole)
        let person = Person(
            name: request.author.name, email: request.author.email, seconds: request.at.milliseconds / 1_000,
            offsetMinutes: request.offsetMinutes)
        let draft = CommitDraft(
            parent: head, files: [now.path: content], author: person, committer: person, message: message)
        let payload = try await access.git.payload(of: draft)
        let signature = try signingKey?.signature(over: payload)
        let commit = try await access.git.writeCommit(payload: payload, signature: signature)
        return Edit(
            path: now.path, from: from, to: target, reverts: change.map { CommitID($0.step.id) }, commit: commit)
    }

    /// Whether the document is then, in every word, what stood before the change.
    private func restores(_ change: VersionHistory.Change, _ content: [UInt8], index: Int, path: String) -> Bool {
        guard path == change.before.path else { return false }
        let parts = decoder.decode(file: content, path: path).parts
        return parts.contains { $0.index == index && DocumentTexts.normal($0.raw) == change.before.text }
    }

    static func message(
        _ request: RollbackRequest, from: String, to: String, undone: CommitSnapshot?, isWhole: Bool
    ) -> String {
        var paragraphs = ["Roll back \(request.name) from \(from) to \(to)"]
        if let undone {
            let subject = PlainText.line(undone.subject, maxBytes: 200)
            paragraphs.append(
                isWhole
                    ? "This reverts commit \(undone.id.hex)."
                    : "This undoes the change of version in commit \(undone.id.hex) (\(subject)).")
        }
        if let reason = request.reason {
            let clean = PlainText.paragraphs(reason, maxBytes: SourceLimits.maxMessageBytes)
            if !clean.isEmpty { paragraphs.append(clean) }
        }
        return paragraphs.joined(separator: "\n\n") + "\n"
    }
}
