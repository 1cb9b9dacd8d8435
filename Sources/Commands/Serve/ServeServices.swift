import Domain
import Logging
import Reconciler
import Server
import ServiceLifecycle

/// The loop: passes and looks in their rhythm until the group is told to stop; then what is in hand is parked.
struct LoopService: Service {
    let session: Session
    let desk: Desk
    /// Gives one value when connections are taken: a server that cannot listen does nothing at all.
    let listening: AsyncStream<Void>

    func run() async throws {
        try await withGracefulShutdownHandler {
            guard await cancelWhenGracefulShutdown({ await isListening() }) else { return }
            try await session.reconciler.serve { progress in
                if case .event(let event) = progress { desk.stored(event) }
            }
        } onGracefulShutdown: {
            session.reconciler.stop()
        }
    }

    /// False where the server ends before.
    private func isListening() async -> Bool {
        for await _ in listening { return !Task.isCancelled }
        return false
    }
}

/// What grows is kept small, every hour.
struct TidyService: Service {
    let session: Session
    static let interval = Duration.seconds(3600)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while true {
                do { try await Task.sleep(for: Self.interval) } catch { return }
                await session.tidyUp()
            }
        }
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
        manager.tell(.stopping)
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
    let reload: @Sendable (LoadedConfiguration) async -> Void

    func run() async throws {
        await cancelWhenGracefulShutdown {
            for await _ in signals.stream() {
                manager.tell(.reloading)
                do {
                    let next = try await load()
                    logger.info("the configuration was read again")
                    // The group ends this loop, too.
                    await reload(next)
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
