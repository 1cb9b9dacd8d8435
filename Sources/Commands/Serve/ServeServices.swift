import Audit
import Domain
import Live
import Logging
import Reconciler
import Server
import ServiceLifecycle

/// The loop: passes and looks in their rhythm until the group is told to stop; then what is in hand is parked.
struct LoopService: Service {
    let session: Session
    let desk: Desk

    func run() async throws {
        try await withGracefulShutdownHandler {
            try await session.reconciler.serve { progress in
                switch progress {
                case .event(let event): desk.stored(event)
                case .measured(let measurement): desk.metrics.count(measurement)
                case .looking, .reading: break
                }
            }
        } onGracefulShutdown: {
            session.reconciler.stop()
        }
    }
}

/// What grows is kept small, every hour.
struct TidyService: Service {
    let session: Session
    /// So that the first pass has the workers for itself.
    static let firstAfter = Duration.seconds(60)
    static let interval = Duration.seconds(3600)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var pause = Self.firstAfter
            while true {
                do { try await Task.sleep(for: pause) } catch { return }
                await session.tidyUp()
                FreedMemory.giveBack()
                pause = Self.interval
            }
        }
    }
}

/// The audit trail is proved at the start and then every hour, with the remote's notes where it answers: a state that was
/// restored together with its log and its copy is older than those alone.
struct TrailService: Service {
    let session: Session
    let board: TrailBoard
    static let interval = Duration.seconds(3600)
    /// What was being written while it was read looks broken; a second look tells.
    static let secondLookAfter = Duration.seconds(5)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    var proof = try await session.trailProof()
                    if !proof.verdict.isWhole {
                        try await Task.sleep(for: Self.secondLookAfter)
                        proof = try await session.trailProof()
                    }
                    await tell(proof)
                    board.put(proof.verdict, at: session.ports.clock.now().wall)
                } catch is CancellationError {
                    return
                } catch {
                    // Not read is not whole: what was found before stands.
                    session.logger?.error("the audit trail could not be proved", metadata: ["cause": "\(error)"])
                    let failure = CommandFailure(classifying: error)
                    board.put(failure: failure.text, at: session.ports.clock.now().wall)
                }
                do { try await Task.sleep(for: Self.interval) } catch { return }
            }
        }
    }
}

extension TrailService {
    /// What was found at the remote is not over because the remote was not looked at.
    private func tell(_ proof: TrailProof) async {
        let finding = proof.verdict.findings.first.map { "\($0)" }
        if finding == nil, proof.remoteFailure != nil {
            let known = await session.reconciler.look { $0.fleet.trailFinding }
            if known?.hasPrefix(AuditPlace.remoteNotes.rawValue) == true { return }
        }
        session.reconciler.trailVerified(finding: finding)
    }
}

/// Says that the process is well as long as its loop goes round.
struct WatchdogService: Service {
    let session: Session
    let manager: ServiceManager

    func run() async throws {
        let half = manager.watchdogInterval.map { $0 / 2 }
        await cancelWhenGracefulShutdown {
            while true {
                do { try await Task.sleep(for: half ?? .seconds(3600)) } catch { return }
                guard half != nil else { continue }
                if await session.reconciler.isAlive(at: session.ports.clock.now()) { manager.tell(.alive) }
            }
        }
    }
}

/// SIGHUP reads the configuration again; a bad one is refused and the old one kept.
struct ReloadService: Service {
    let signals: HangUps
    let manager: ServiceManager
    let logger: Logger
    /// Reads and checks what the file says now.
    let load: @Sendable () async throws -> LoadedConfiguration
    /// The new configuration is good: everything is made anew with it.
    let reload: @Sendable (LoadedConfiguration) -> Void

    func run() async throws {
        await cancelWhenGracefulShutdown {
            for await _ in signals.stream() {
                manager.tell(.reloading)
                do {
                    let next = try await load()
                    logger.info("the configuration was read again")
                    reload(next)
                    // With this service the whole group ends, and the next one begins.
                    return
                } catch {
                    let failure = CommandFailure(classifying: error)
                    logger.error(
                        "the configuration is refused, the old one goes on", metadata: ["cause": "\(failure.text)"])
                    manager.tell(.ready)
                }
            }
        }
    }
}
