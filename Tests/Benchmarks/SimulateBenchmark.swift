import Foundation
import Simulator

extension Benchmarks {
    /// A platform and a sink to try things by hand, until interrupted. Key `key`; bots `bot_0` ... with `v_0`, `v_1` (which
    /// serves), `v_2`, and `v_bad`, which fails any verification.
    static func simulate(bots count: Int) async throws {
        let bots = (0..<count).map { number in
            SimulatedBot(
                id: Stage.bot(number),
                versions: ["v_0", "v_1", "v_2"].map { SimulatedVersion(id: $0) } + [SimulatedVersion.bad("v_bad")])
        }
        let setup = SimulatorSetup(bots: bots, keys: [SimulatedKey(name: "ballast", secret: "key")])
        try await runSimulator(setup) { platform, sink in
            for number in 0..<count { platform.deployBehindGit(Stage.bot(number), version: "v_1") }
            say("platform \(try platform.url)\nsink \(try sink.url)")
            while true { try await Task.sleep(for: .seconds(3600)) }
        }
    }
}
