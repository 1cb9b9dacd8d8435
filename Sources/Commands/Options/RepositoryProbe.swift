import Domain
import Foundation
import Live
import Source

/// Looks at the watched repository beside a running reconcile: in a copy of its own, which is thrown away.
enum RepositoryProbe {
    /// The repository of the state's own copy.
    static func copyPath(_ configuration: Configuration) -> String {
        Assembly.copyFolder(configuration, .act) + "/repository.git"
    }

    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    /// - Parameter body: given the remote's notes (nil: it has none), or why they could not be fetched.
    static func withRemoteNotes<Value>(
        _ configuration: Configuration, _ secrets: any Secrets,
        _ body: (Answered<NoteListing?>) async throws -> Value
    ) async throws -> Value {
        try await withAccess(configuration, secrets) { access in
            let notes = GitNotes(
                access: access, ref: configuration.audit.notesRef, clock: SystemClock(continuing: nil))
            return try await body(await notes.remoteListing())
        }
    }

    /// What the state's own copy has is not fetched again.
    static func withAccess<Value>(
        _ configuration: Configuration, _ secrets: any Secrets, _ body: (RepositoryAccess) async throws -> Value
    ) async throws -> Value {
        let folder = FileManager.default.temporaryDirectory.path + "/ballast-\(SystemRandom.id())"
        let lender = copyPath(configuration)
        let access = try RepositoryAccess(
            settings: configuration.source, copyFolder: folder, lender: exists(lender) ? lender : nil,
            workerPath: Executable.path, secrets: secrets)
        let result: Result<Value, any Error>
        do { result = .success(try await body(access)) } catch { result = .failure(error) }
        await access.shutdown()
        try await offPool { if exists(folder) { try FileManager.default.removeItem(atPath: folder) } }
        return try result.get()
    }
}
