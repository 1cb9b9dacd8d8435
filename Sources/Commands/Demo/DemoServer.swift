import Documents
import Domain
import Foundation
import Live

/// What goes on after the story: `ballast serve` on the demo's repository and platform, until it is told to end.
struct DemoServer {
    let stage: DemoStage

    func run() async throws {
        let path = "\(stage.folder)/ballast.yaml"
        let settings = """
            server: {port: 0}
            reconcile: {interval: 10s}
            logging: {level: error}

            """
        // A push in the clone is seen soon, without a webhook.
        let text =
            try String(contentsOfFile: path, encoding: .utf8)
            .replacing("bots.git}", with: "bots.git, interval: 2s}") + settings
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let load: @Sendable () async throws -> LoadedConfiguration = {
            let bytes = Array(text.utf8)
            let loaded = ConfigurationLoader.load(
                bytes: bytes, path: path, environment: [:], zones: SystemTimeZones())
            return LoadedConfiguration(configuration: try loaded.get(), path: path, bytes: bytes)
        }
        let (console, folder) = (stage.console, stage.folder)
        try await ServeProcess(
            loaded: try await load(), load: load, manager: ServiceManager(environment: [:]),
            listens: { host, port in
                console.out(
                    """

                    The dashboard is at http://\(host):\(port)/ until Ctrl-C. To see it move:
                      cd \(folder)/clone
                      sed -i 's/version: v_1/version: v_3/' bots/order-support.yaml && git commit -qam v_3 && git push -q

                    """)
            }
        ).run()
    }
}
