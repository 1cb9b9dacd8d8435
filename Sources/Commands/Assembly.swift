import Audit
import Documents
package import Domain
import Exchange
import Foundation
import Git
import Live
import Logging
import Notifications
import Platforms
import Reconciler
import Source
import Store

/// The one place where the parts are put together.
package enum Assembly {
    /// - Parameters:
    ///   - purpose: `plan` reads the state where there is one, and writes nothing.
    ///   - verb: what a second writer is told of this one.
    ///   - intervals: how a server goes on by itself; nil: a one-shot.
    ///   - isFollowed: a person follows the progress on the terminal that the log goes to.
    ///   - makeClock: from both clocks as the state has them stored.
    /// - Throws: `SourceFailure`, `StoreError`, `ExchangeError`, `AuditError`: each names what it is about.
    package static func open(
        configuration: Configuration, purpose: EngineSettings.Purpose, verb: String, selector: Selector?,
        isFollowed: Bool = false, logs: Bool = true, intervals: LookRhythm.Intervals? = nil,
        makeClock: (Now?) -> any Clock = { SystemClock(continuing: $0) }
    ) async throws -> Session {
        let secrets = SecretFiles(environment: ProcessInfo.processInfo.environment)
        let zones = SystemTimeZones()
        let digests = SHA256Digests()
        let keyring = try await offPool { try AuditKeyring.read(configuration.audit, secrets) }
        var (state, stored) = try await OpenState.open(
            configuration, purpose: purpose, verb: verb, signer: keyring.signer)
        do { try requirePlatforms(of: stored.rollouts, in: configuration) } catch {
            try await state.close()
            throw error
        }
        let clock = makeClock(stored.saved)
        let connections = Connections()
        var platforms: [String: any Platform] = [:]
        var sinks: [String: any Sink] = [:]
        let access: RepositoryAccess
        let notes: GitNotes
        do {
            let clocks = Clocks(
                wall: { clock.now().wall }, elapsed: { Span(milliseconds: clock.now().tick.milliseconds) })
            for platform in configuration.platforms {
                platforms[platform.name] = try PlatformFactory.make(
                    platform, secrets: secrets, connections: connections, clocks: clocks)
            }
            for sink in configuration.notifications {
                sinks[sink.name] = try SinkFactory.make(sink, secrets: secrets, connections: connections)
            }
            access = try RepositoryAccess(
                settings: configuration.source, copyFolder: copyFolder(configuration, purpose),
                workerPath: Executable.path, secrets: secrets)
            notes = GitNotes(access: access, ref: configuration.audit.notesRef, clock: clock)
            if let restored = try await state.takeBack(
                from: notes, configuration, keys: keyring.keys, saved: stored.saved)
            {
                stored = restored
            }
        } catch {
            await connections.shutdown()
            try await state.close()
            throw error
        }
        let decoder = ManifestDecoder(
            policyDefaults: configuration.policy.defaults, platforms: configuration.platforms.map(\.name), zones: zones)
        var settings = EngineSettings(configuration, readingDigest: readingDigest(configuration, digests))
        settings.purpose = purpose
        settings.selector = selector
        settings.intervals = intervals
        for (name, platform) in platforms { settings.capabilities[name] = platform.capabilities }
        let tools = EngineTools(sha256: { digests.sha256(Array($0.utf8)) }, zones: zones)
        let engine = Engine(
            stored, settings: settings, tools: tools, seed: SystemRandom.seed(), now: clock.now())
        let branch = WatchedBranch(
            access: access, decoder: decoder, keys: try await TrustedKeys(configuration.source.trust), digest: digests,
            secrets: {
                // One that can't be read now is used by nobody either.
                ConfigurationLoader.secrets(of: configuration).flatMap {
                    (try? secrets.read($0.reference))?.parts ?? []
                }
            })
        let ports = ReconcilerPorts(
            source: branch, notes: notes, platforms: platforms, sinks: sinks, journal: state, clock: clock)
        return Session(
            configuration: configuration, engine: engine, ports: ports, branch: branch, access: access, notes: notes,
            decoder: decoder, secrets: secrets, keyring: keyring, connections: connections, state: state,
            logger: logs ? LogOutput.logger(configuration.logging, isBesideProgress: isFollowed) : nil)
    }

    /// What is open on a platform can only be ended where the platform is known.
    private static func requirePlatforms(of rollouts: [Rollout], in configuration: Configuration) throws {
        let known = Set(configuration.platforms.map(\.name))
        guard let open = rollouts.first(where: { !known.contains($0.key.platform) }) else { return }
        throw CommandFailure(
            .configuration,
            "platform \(open.key.platform) is gone from the configuration, but a rollout of \(open.name) is open there",
            remedy: "Put the platform back until `ballast status` shows no open rollout on it.")
    }

    /// Of our own, beside the state; `plan` has another, because the server may be using the first.
    static func copyFolder(_ configuration: Configuration, _ purpose: EngineSettings.Purpose) -> String {
        configuration.state + (purpose == .plan ? ".plan.git" : ".git")
    }

    /// Of all that changes what a reading of the same bytes means.
    static func readingDigest(_ configuration: Configuration, _ digests: some Digests) -> String {
        let names = configuration.platforms.map(\.name).joined(separator: ",")
        let parts = [
            "\(ManifestDecoder.version)", configuration.source.path, names, "\(configuration.policy.defaults)",
            configuration.source.url, configuration.source.branch,
        ]
        return digests.sha256(Array(parts.joined(separator: "\u{0}").utf8))
    }
}

/// This binary, which is also its own git worker.
enum Executable {
    static var path: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    }
}
