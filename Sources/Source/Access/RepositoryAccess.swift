import Dispatch
package import Domain
import Foundation
package import Git

/// The watched repository, opened as the configuration says; what the branch, the ledger and the editor share.
package struct RepositoryAccess: Sendable {
    package let git: GitRepository
    let settings: SourceSettings
    let address: GitAddress

    /// - Parameters:
    ///   - copyFolder: a folder of our own, in which the bare copy is kept.
    ///   - lender: a bare copy of the same remote whose objects a new copy uses rather than fetch them.
    ///   - workerPath: the executable that is started for git work.
    /// - Throws: `SourceFailure` with `misconfigured` for an address that is not allowed.
    package init(
        settings: SourceSettings, copyFolder: String, lender: String? = nil, workerPath: String, secrets: any Secrets
    ) throws(SourceFailure) {
        self.settings = settings
        do {
            address = try GitAddress(settings.url)
        } catch {
            throw SourceFailure(error)
        }
        var limits = GitLimits()
        limits.remoteTimeout = .milliseconds(settings.timeout.milliseconds)
        limits.transferTimeout = .milliseconds(settings.transferTimeout.milliseconds)
        let auth = settings.auth
        git = GitRepository(
            GitSettings(
                workerPath: workerPath, place: .copy(folder: copyFolder, lender: lender), remote: address,
                caFile: settings.caFile, limits: limits,
                credential: { try await Self.credential(for: auth, secrets: secrets) }))
    }

    /// Ends the workers.
    package func shutdown() async { await git.shutdown() }

    /// Asked before every exchange with the remote, so that a rotated secret is read again.
    private static func credential(
        for auth: SourceSettings.Auth?, secrets: any Secrets
    ) async throws -> GitCredential? {
        switch auth {
        case nil:
            return nil
        case .token(let reference, let username):
            let token = try await offPool { try secrets.read(reference).reveal() }
            return .token(username: username, token: token.trimmingCharacters(in: .newlines))
        case .ssh(let keyFile, let knownHostsFile):
            let key = try await offPool { try secrets.read(.file(path: keyFile)).reveal() }
            let hosts = try await SmallFile.read(knownHostsFile, maxBytes: maxKnownHostsBytes)
            let text = key.hasSuffix("\n") ? key : key + "\n"
            return .ssh(privateKey: text, knownHosts: String(decoding: hosts, as: UTF8.self))
        }
    }

    private static let maxKnownHostsBytes = 4 << 20

    /// Runs what reads the copy; where it is damaged, it is set aside and fetched anew, once. An object that is missing
    /// where nobody had to expect it is damage too: libgit2 passes over a pack that it cannot read.
    /// - Parameter body: gets a sentence about what happened to the copy, where something did.
    func repairing<Value: Sendable>(_ body: (_ notice: String?) async throws -> Value) async throws -> Value {
        do {
            return try await body(nil)
        } catch let error as GitError where [.damagedMirror, .notFound].contains(error.code) {
            let place = try await git.setAside()
            try await git.open()
            _ = try await git.fetch(branch: settings.branch)
            let kept = place.map { " and kept at \($0)" } ?? ""
            return try await body(
                "the local copy of the repository was damaged; it was set aside\(kept), and fetched anew")
        }
    }
}

/// Files of the configuration, read off the cooperative pool.
enum SmallFile {
    static func read(_ path: String, maxBytes: Int) async throws(SourceFailure) -> [UInt8] {
        do {
            let data = try await offPool { try Data(contentsOf: URL(fileURLWithPath: path)) }
            guard data.count <= maxBytes else {
                throw SourceFailure(.misconfigured, "\(path) is larger than \(maxBytes) bytes")
            }
            return Array(data)
        } catch let failure as SourceFailure {
            throw failure
        } catch {
            throw SourceFailure(.misconfigured, "\(path) cannot be read: \(error.localizedDescription)")
        }
    }
}

/// Runs what may block on a thread that is not one of the cooperative pool's.
func offPool<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue.global().async {
            continuation.resume(with: Result { try work() })
        }
    }
}
