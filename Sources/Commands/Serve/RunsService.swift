import Domain
import Logging
import Server
import ServiceLifecycle

/// One configuration after the other. What a reload asks for and cannot be opened is refused, and the old one goes on.
struct RunsService: Service {
    let first: LoadedConfiguration
    let front: Front
    let memory: ServerMemory
    let hangUps: HangUps
    let manager: ServiceManager
    let load: @Sendable () async throws -> LoadedConfiguration
    let listens: @Sendable (_ host: String, _ port: Int) -> Void

    func run() async throws {
        // Nothing is opened, looked at or sent before the address is ours.
        guard let address = await front.listening() else { return }
        var current = first
        var previous: LoadedConfiguration?
        sayStart(current, address)
        listens(address.host, address.port)
        while true {
            let logger = LogOutput.logger(current.configuration.logging, isBesideProgress: false)
            warnOfAddress(current, address, logger)
            let run = ServeRun(
                loaded: current, front: front, memory: memory, hangUps: hangUps, manager: manager, load: load)
            do {
                guard let next = try await run.run() else { return }
                (previous, current) = (current, next)
            } catch let failure as ServeRun.OpeningFailure {
                guard let old = previous else { throw failure.cause }
                logger.error(
                    "the configuration is refused, the old one goes on",
                    metadata: ["cause": "\(CommandFailure(classifying: failure.cause).text)"])
                (previous, current) = (nil, old)
            }
        }
    }

    private func sayStart(_ loaded: LoadedConfiguration, _ address: (host: String, port: Int)) {
        LogOutput.logger(loaded.configuration.logging, isBesideProgress: false).info(
            "listening",
            metadata: [
                "host": "\(address.host)", "port": "\(address.port)", "version": "\(BallastCommand.version)",
                "configuration": "\(loaded.path)", "state": "\(loaded.configuration.state)",
            ])
    }

    private func warnOfAddress(_ loaded: LoadedConfiguration, _ address: (host: String, port: Int), _ logger: Logger) {
        let settings = loaded.configuration.server
        guard settings.host != address.host || (settings.port != 0 && settings.port != address.port) else { return }
        logger.warning(
            "server.host and server.port change with the next start only",
            metadata: ["host": "\(address.host)", "port": "\(address.port)"])
    }
}
