import Domain
import Support
import Synchronization
import Testing

/// Short ways to the stages that most tests begin with.
extension EngineStage {
    /// Bots `b1`… with the versions v1 to v4, each served v1 where `serves`, and a manifest each that wants v1.
    static func fleet(
        _ count: Int = 1, serves: Bool = true, seed: UInt64 = 1, configure: (inout Configuration) -> Void = { _ in },
        spec: @escaping (inout Manifest.Spec) -> Void = { _ in }
    ) -> EngineStage {
        var stage = EngineStage(seed: seed, configure: configure)
        for number in 1...count {
            stage.platform.add("b\(number)", versions: ["v1", "v2", "v3", "v4"])
            if serves { stage.platform.deploy("b\(number)", "v1", at: stage.now) }
        }
        stage.commit("v1", count, spec: spec)
        stage.start()
        return stage
    }

    /// Nothing yet but a platform that offers just that, as the process was told when it started.
    static func offering(_ capabilities: PlatformCapabilities) -> EngineStage {
        var stage = EngineStage()
        stage.platform.capabilities = capabilities
        stage.settings.capabilities = ["default": capabilities]
        stage.crash()
        return stage
    }

    /// All manifests want that version from here on.
    @discardableResult
    mutating func commit(
        _ version: String, _ count: Int = 1, signature: SignatureVerdict = .unsigned, reverts: CommitID? = nil,
        spec: (inout Manifest.Spec) -> Void = { _ in }
    ) -> CommitID {
        var files: [String: [FakeBranch.Content]?] = [:]
        for number in 1...count {
            files["a\(number).yaml"] = [
                EngineStage.manifest("a\(number)", bot: "b\(number)", version: version, configure: spec)
            ]
        }
        return branch.commit(files, signature: signature, reverts: reverts)
    }

    var state: BotCondition.State? { bot("a1")?.condition.state }
    var stopping: Guard? { bot("a1")?.condition.guard }
    var posted: [String] { platform.posts.map(\.targetVersion) }
    func count(of type: String) -> Int { eventTypes.filter { $0 == type }.count }

    /// How many audit records are of that type.
    func audited(_ type: String) -> Int { records.filter { $0.fields["type"] == .string(type) }.count }
    func audited(_ type: String, outcome: String) -> Int {
        records.filter { $0.fields["type"] == .string(type) && $0.fields["outcome"] == .string(outcome) }.count
    }

    /// A person decides, and is not refused.
    mutating func decides(_ kind: Decision.Kind, location: SourceLocation = #_sourceLocation) {
        if case .failure(let error) = decide(kind) { Issue.record(error, sourceLocation: location) }
    }

    /// A person wants to decide; why it was refused.
    mutating func refusal(_ kind: Decision.Kind) -> DecisionError.Code? {
        if case .failure(let error) = decide(kind) { error.code } else { nil }
    }

    /// Steps through a pass until a rollout stands in that phase.
    mutating func runUntil(_ phase: Rollout.Phase) {
        step(.passWanted)
        run { $0.engine.machines.values.contains { $0.rollout.phase == phase } }
    }
}

extension Window {
    /// Closed for the next hundred days, whatever the day.
    static let closed = Window(kind: .deny, schedule: "* * * * *", duration: .hours(1))
    static let closedButForReturns = Window(
        kind: .deny, schedule: "* * * * *", duration: .hours(1), allowRollback: true)
}

func expectRefusal(
    _ stage: inout EngineStage, _ kind: Decision.Kind, _ code: DecisionError.Code,
    location: SourceLocation = #_sourceLocation
) {
    let found = stage.refusal(kind)
    #expect(found == code, sourceLocation: location)
}

/// Counts calls of a fault, which is a function without memory of its own.
final class Counter: Sendable {
    private let count = Mutex(0)

    /// From 1.
    func next() -> Int {
        count.withLock {
            $0 += 1
            return $0
        }
    }
}

/// A switch that a fault and its test share.
final class Flag: Sendable {
    private let state = Mutex(false)
    var value: Bool {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }
}
