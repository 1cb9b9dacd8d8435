import Audit
import Documents
import Domain
import Foundation
import Live
import Source
import Store
import Wire

/// The checks of `ballast doctor`, each one line.
struct Examination: Sendable {
    typealias Check = DoctorShape.Check

    var loaded: LoadedConfiguration
    var surroundings: Surroundings

    var configuration: Configuration { loaded.configuration }
    var secrets: SecretFiles { SecretFiles(environment: surroundings.environment) }

    func all(_ line: ProgressLine) async throws -> [Check] {
        var checks = [good("configuration", "\(surroundings.shown(loaded.path)) is well-formed")]
        checks += try await secretChecks()
        line.set("looking at the repository")
        checks += try await repositoryChecks()
        let environments = await knownEnvironments()
        for platform in configuration.platforms {
            line.set("asking platform \(platform.name)")
            checks += await PlatformExamination(settings: platform, secrets: secrets, environments: environments)
                .checks()
        }
        for sink in configuration.notifications {
            line.set("looking at sink \(sink.name)")
            checks.append(await SinkExamination(settings: sink, secrets: secrets, state: configuration.state).check())
        }
        checks += try await ServerExamination(settings: configuration.server, secrets: secrets).checks()
        checks.append(await state())
        let trail = TrailExamination(configuration: configuration)
        checks.append(try await trail.log(shown: surroundings.shown(configuration.audit.file)))
        checks += await trail.proof()
        checks += await signingKey()
        return checks
    }

    private func secretChecks() async throws -> [Check] {
        do {
            try await loaded.requireReadable(secrets, surroundings)
            let count = ConfigurationLoader.secrets(of: configuration).count
            return [good("secrets", "\(count) readable")]
        } catch let problems as Problems {
            return problems.all.map {
                bad("secrets", ProblemText.line($0), "Provide it, or change where the configuration looks for it.")
            }
        }
    }

    private func repositoryChecks() async throws -> [Check] {
        let configuration = configuration
        do {
            let keys = try await TrustedKeys(configuration.source.trust)
            return try await RepositoryProbe.withAccess(configuration, secrets) { access in
                let branch = WatchedBranch(
                    access: access, decoder: configuration.manifestDecoder, keys: keys, digest: SHA256Digests())
                var checks: [Check] = []
                switch await branch.glance() {
                case .value(let head):
                    checks.append(good("repository", "branch \(head.branch) is at \(head.commit.short)"))
                case .failed(let failure):
                    return [bad("repository", failure.message, Self.remedy(failure))]
                }
                checks.append(await TrailExamination(configuration: configuration).notes(access))
                return checks
            }
        } catch let failure as SourceFailure {
            return [bad("repository", failure.message, Self.remedy(failure))]
        }
    }

    static func remedy(_ failure: SourceFailure) -> String {
        switch failure.code {
        case .authentication: "Check `source.auth`, and that the key or token may read and push."
        case .noSuchBranch, .emptyRepository: "Check `source.branch`, and push a first commit."
        case .misconfigured: "Correct `source` in the configuration."
        default: "Check `source.url` and the network; then run this again."
        }
    }

    /// What the state knows to be in use; without one the usual one.
    private func knownEnvironments() async -> [String: [String]] {
        guard let bots = try? await StateReader.open(path: configuration.state).bots() else { return [:] }
        return Dictionary(grouping: bots.map(\.key), by: \.platform).mapValues { Set($0.map(\.environment)).sorted() }
    }

    private func state() async -> Check {
        let path = surroundings.shown(configuration.state)
        do {
            let reader = try await StateReader.open(path: configuration.state)
            let count = try await reader.bots().count
            guard FileManager.default.isWritableFile(atPath: configuration.state) else {
                return bad(
                    "state", "\(path) can be read, but not written",
                    "Make it and its folder writable for this user, or set `state`.")
            }
            return good("state", "\(path) knows \(count) bot\(count == 1 ? "" : "s")")
        } catch let error as StoreError {
            let isMissing = if case .missing = error.code { true } else { false }
            guard isMissing else { return bad("state", error.message, "See the message; nothing was changed.") }
        } catch {
            return bad("state", "\(error)", "Check the file.")
        }
        let folder = (configuration.state as NSString).deletingLastPathComponent
        return FileManager.default.isWritableFile(atPath: folder)
            ? good("state", "\(path) is not there yet; the first `ballast reconcile` or `ballast serve` makes it")
            : bad("state", "\(path) cannot be made: its folder cannot be written", "Make the folder, or set `state`.")
    }

    private func signingKey() async -> [Check] {
        guard configuration.audit.signingKey != nil || configuration.audit.formerKeys != nil else { return [] }
        do {
            let ring = try await loaded.auditKeyring(secrets, surroundings)
            let former = (ring.keys?.known.count ?? 0) - (ring.signer == nil ? 0 : 1)
            let known = former == 0 ? "" : "; \(former) former key\(former == 1 ? "" : "s") known"
            guard let signer = ring.signer else { return [good("audit key", "no record is signed\(known)")] }
            return [good("audit key", "records are signed by \(signer.publicKey.fingerprint)\(known)")]
        } catch let problems as Problems {
            return problems.all.map {
                bad(
                    "audit key", ProblemText.line($0),
                    "Make one with `openssl genpkey -algorithm ed25519 -out FILE`, or correct `audit`.")
            }
        } catch {
            return [bad("audit key", "\(error)", "Correct `audit.signingKey` and `audit.formerKeys`.")]
        }
    }
}

func good(_ check: String, _ message: String) -> DoctorShape.Check {
    DoctorShape.Check(check: check, ok: true, message: message, remedy: nil)
}

func bad(_ check: String, _ message: String, _ remedy: String) -> DoctorShape.Check {
    DoctorShape.Check(check: check, ok: false, message: message, remedy: remedy)
}
