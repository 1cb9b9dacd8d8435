import Domain
import Support
import Testing

/// A server with a platform `other` besides, and two sinks, whose looks and passes come by themselves.
extension EngineStage {
    fileprivate static func server() -> EngineStage {
        var stage = EngineStage { configuration in
            configuration.platforms.append(
                PlatformSettings(name: "other", url: "https://o.example", credential: .apiKey([])))
            for name in ["ci", "chat"] {
                configuration.notifications.append(SinkSettings(name: name, url: .literal("https://\(name).example")))
            }
        }
        stage.settings.intervals = LookRhythm.Intervals(look: .minutes(1), pass: .minutes(5))
        for number in 1...2 {
            stage.platform.add("b\(number)", versions: ["v1", "v2", "v3", "v4"])
            stage.platform.deploy("b\(number)", "v1", at: stage.now)
        }
        stage.branch.commit([
            "a1.yaml": [EngineStage.manifest("a1", bot: "b1", version: "v1")],
            "a2.yaml": [EngineStage.manifest("a2", bot: "b2", version: "v1") { $0.platform = "other" }],
        ])
        stage.restart()
        return stage
    }

    fileprivate mutating func push(_ version: String) {
        branch.commit(["a1.yaml": [EngineStage.manifest("a1", bot: "b1", version: version)]])
    }
}

@Suite("Invariant 16: an hour of silence from one neighbour holds up nobody else")
struct HangTests {
    @Test(
        "a remote that hangs: what was accepted is kept up, one look after the other, and the newest commit comes at its end"
    )
    func remote() {
        var stage = EngineStage.server()
        stage.lookTime = .seconds(60)
        stage.branch.failure = SourceFailure(.timedOut, "no answer within 60s")
        let before = stage.looks
        stage.wait(.minutes(10))
        stage.platform.deploy("b1", "v4", by: "mallory", at: stage.now)
        stage.push("v2")
        stage.wait(.minutes(6))
        // Drift is undone although nothing can be read.
        #expect(stage.serving("b1") == "v1")
        stage.wait(.minutes(44))
        // Never two at once: an hour of looks that take a minute each.
        #expect((20...60).contains(stage.looks - before))
        #expect(stage.count(of: "source.unreachable") == 1)
        stage.branch.failure = nil
        stage.lookTime = .milliseconds(5)
        stage.wait(.minutes(3))
        #expect(stage.serving("b1") == "v2")
        #expect(stage.count(of: "source.recovered") == 1)
    }

    @Test("a platform that hangs: bots of the other one are rolled within a minute of their commit")
    func platform() {
        var stage = EngineStage.server()
        stage.hangingPlatforms["other"] = .seconds(30)
        stage.wait(.minutes(10))
        for version in ["v2", "v3", "v4"] {
            stage.push(version)
            stage.wait(.seconds(75))
            #expect(stage.serving("b1") == version)
            stage.wait(.minutes(14))
        }
        #expect(stage.bot("a2").map { stage.engine.report(on: $0).state } == .unknown)
        #expect(stage.outcomes(of: "a1") == [.succeeded, .succeeded, .succeeded])
        stage.hangingPlatforms = [:]
        stage.wait(.minutes(6))
        #expect(stage.bot("a2").map { stage.engine.report(on: $0).state } == .inSync)
    }

    @Test("a sink that hangs: rollouts go on, the other sink hears of all at once, and the sink catches up in order")
    func sink() {
        var stage = EngineStage.server()
        stage.wait(.seconds(10))
        let before = stage.events.count
        stage.hangingSinks["chat"] = .seconds(15)
        for version in ["v2", "v3", "v4"] {
            stage.push(version)
            stage.wait(.seconds(75))
            #expect(stage.serving("b1") == version)
            #expect(stage.delivered["ci"]?.count == stage.events.count)
            stage.wait(.minutes(18))
        }
        #expect(stage.events.count > before)
        #expect(stage.delivered["chat"]?.count == before)
        stage.hangingSinks = [:]
        // The longest wait between two tries of that hour, jittered.
        stage.wait(.hours(3))
        let ofBot = stage.events.filter { $0.bot?.name == "a1" }.map(\.id)
        #expect(stage.delivered["chat"]?.filter { ofBot.contains($0) } == ofBot)
    }

    @Test("told to stop while everything hangs, nothing new begins")
    func stop() {
        var stage = EngineStage.server()
        stage.push("v2")
        stage.branch.failure = SourceFailure(.timedOut, "no answer")
        stage.lookTime = .seconds(60)
        (stage.hangingPlatforms["default"], stage.hangingPlatforms["other"]) = (.seconds(30), .seconds(30))
        stage.wait(.minutes(7))
        let (looks, posts) = (stage.looks, stage.posted)
        stage.step(.stop)
        stage.wait(.hours(1))
        #expect(stage.looks - looks <= 1)
        #expect(stage.posted == posts)
        #expect(!stage.engine.hasMutationInFlight)
    }
}
