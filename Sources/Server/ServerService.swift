import Domain
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle

/// The listening socket, for the life of the process.
package struct ServerService: Service {
    private let front: Front
    private let host: String
    private let port: Int

    package init(front: Front, host: String, port: Int) {
        self.front = front
        self.host = host
        self.port = port
    }

    package func run() async throws {
        var quiet = Logger(label: "http") { _ in SwiftLogNoOpLogHandler() }
        quiet.logLevel = .critical
        let (front, host, port) = (front, host, port)
        let application = Application(
            responder: FrontResponder(front: front),
            server: .http1(configuration: .init(idleTimeout: ServerLimits.idleTimeout)),
            configuration: ApplicationConfiguration(address: .hostname(host, port: port), serverName: "ballast"),
            onServerRunning: { channel in front.listens(host: host, port: channel.localAddress?.port ?? port) },
            logger: quiet)
        defer { front.close() }
        do { try await application.run() } catch let error as IOError {
            throw ListenError(host: host, port: port, reason: "\(error)")
        }
    }
}

/// The port is taken, or the host is none of this machine's.
package struct ListenError: Error, CustomStringConvertible {
    package var host: String
    package var port: Int
    package var reason: String

    package var description: String { "cannot listen on \(host):\(port): \(reason)" }
}
