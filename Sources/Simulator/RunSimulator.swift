/// What to simulate for the length of one call.
package struct SimulatorSetup: Sendable {
    package var options: SimulatorOptions
    package var bots: [SimulatedBot]
    package var keys: [SimulatedKey]
    package var sinkSecrets: [String]
    /// 0 lets the system choose.
    package var platformPort: Int
    package var sinkPort: Int

    package init(
        options: SimulatorOptions = SimulatorOptions(), bots: [SimulatedBot] = [], keys: [SimulatedKey] = [],
        sinkSecrets: [String] = [], platformPort: Int = 0, sinkPort: Int = 0
    ) {
        self.options = options
        self.bots = bots
        self.keys = keys
        self.sinkSecrets = sinkSecrets
        self.platformPort = platformPort
        self.sinkPort = sinkPort
    }
}

/// Runs a platform and a sink while `body` runs, and stops both when it ends, throws or is cancelled.
/// - Throws: `SimulatorError`, or what `body` throws.
package func runSimulator<Result>(
    _ setup: SimulatorSetup = SimulatorSetup(),
    body: (_ platform: SimulatedPlatform, _ sink: SimulatedSink) async throws -> Result
) async throws -> Result {
    let platform = SimulatedPlatform(options: setup.options)
    let sink = SimulatedSink(secrets: setup.sinkSecrets)
    platform.add(setup.bots)
    for key in setup.keys { platform.add(key) }
    try await platform.start(port: setup.platformPort)
    do {
        try await sink.start(port: setup.sinkPort)
        let result = try await body(platform, sink)
        await sink.shutdown()
        await platform.shutdown()
        return result
    } catch {
        await sink.shutdown()
        await platform.shutdown()
        throw error
    }
}
