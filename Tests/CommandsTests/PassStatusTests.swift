import Domain
import Reconciler
import Testing
import Wire

@testable import Commands

@Suite("What a pass means for the exit status")
struct PassStatusTests {
    private func plan(
        _ bots: [BotReport], problems: [Problem] = [], failure: String? = nil, unreachable: [String] = []
    ) -> PlanShape {
        RunReport.sample(bots, problems: problems, failure: failure, unreachable: unreachable).plan
    }

    private func done(
        _ bots: [BotReport], rollouts: [Rollout] = [], problems: [Problem] = [], failure: String? = nil,
        unreachable: [String] = []
    ) -> ReconcileShape {
        RunReport.sample(
            bots, rollouts: rollouts, problems: problems, failure: failure, unreachable: unreachable
        ).reconciled
    }

    @Test("a plan ends with 1 wherever desired and deployed differ, whatever the state")
    func plan() {
        #expect(PassStatus.of(plan: plan([Sample.report()])) == .done)
        for state in [BotCondition.State.drifted, .waiting, .suspended, .held] {
            let report = RunReport.sample([Sample.report("a", state, deployed: "v_1", differs: true)])
            #expect(PassStatus.of(plan: report.plan) == .findings)
        }
        #expect(PassStatus.of(plan: plan([], problems: [Sample.problem])) == .findings)
        #expect(PassStatus.of(plan: plan([Sample.report("a", .unmanaged)])) == .done)
    }

    @Test("reconcile ends with 0 only where all are in sync or left alone by a decision")
    func reconcile() {
        #expect(PassStatus.of(reconcile: done([Sample.report()])) == .done)
        #expect(PassStatus.of(reconcile: done([Sample.report("a", .suspended, isLeftAlone: true)])) == .done)
        for state in BotCondition.State.allCases where state != .inSync {
            #expect(PassStatus.of(reconcile: done([Sample.report("a", state)])) == .findings)
        }
        #expect(PassStatus.of(reconcile: done([Sample.report()], problems: [Sample.problem])) == .findings)
    }

    @Test("an error outranks what was found")
    func error() {
        let drifted = Sample.report("a", .drifted, deployed: "v_1", differs: true)
        #expect(PassStatus.of(plan: plan([drifted], failure: "away")) == .error)
        #expect(PassStatus.of(reconcile: done([drifted], unreachable: ["default"])) == .error)
        #expect(PassStatus.of(rollback: done([drifted], failure: "away")) == .error)
    }

    @Test("a rollback ends with what the last rollout came to")
    func rollback() {
        #expect(PassStatus.of(rollback: done([Sample.report()], rollouts: [Sample.rollout()])) == .done)
        for outcome in Outcome.allCases where outcome != .succeeded {
            let report = RunReport.sample([Sample.report()], rollouts: [Sample.rollout(outcome: outcome)])
            #expect(PassStatus.of(rollback: report.reconciled) == .findings)
        }
        #expect(PassStatus.of(rollback: done([Sample.report()])) == .done)
        let waiting = Sample.report("a", .waiting, deployed: "v_1", differs: true)
        #expect(PassStatus.of(rollback: done([waiting])) == .findings)
    }

    @Test("detailed: 0, 1 an error, 2 drift")
    func detailed() {
        let drifted = RunReport.sample([Sample.report("a", .drifted, deployed: "v_1", differs: true)])
        #expect(PassStatus.detailed(PassStatus.of(plan: drifted.plan), drifted.plan).rawValue == 2)
        let failed = RunReport.sample([], failure: "away")
        #expect(PassStatus.detailed(PassStatus.of(plan: failed.plan), failed.plan).rawValue == 1)
        let bad = RunReport.sample([], problems: [Sample.problem])
        #expect(PassStatus.detailed(PassStatus.of(plan: bad.plan), bad.plan).rawValue == 1)
        let fine = RunReport.sample([Sample.report()])
        #expect(PassStatus.detailed(PassStatus.of(plan: fine.plan), fine.plan).rawValue == 0)
    }

    @Test("a selection leaves the others out, and an unknown name is wrong usage")
    func selection() throws {
        let report = RunReport.sample([Sample.report("a"), Sample.report("b", isSelected: false)])
        #expect(try report.selected(Selector(names: ["a"])).bots.map(\.name) == ["a"])
        #expect(try report.selected(nil).bots.count == 2)
        #expect { try report.selected(Selector(names: ["c"])) } throws: { error in
            (error as? CommandFailure)?.code == .usage
        }
    }

    @Test("labels of a selector")
    func labels() throws {
        #expect(try SelectionOptions.labels("team=orders,tier=1=x") == ["team": "orders", "tier": "1=x"])
        #expect(throws: (any Error).self) { try SelectionOptions.labels("team") }
        #expect(throws: (any Error).self) { try SelectionOptions.labels("team=a,") }
    }
}

extension RunReport {
    static func sample(
        _ bots: [BotReport], rollouts: [Rollout] = [], problems: [Problem] = [], failure: String? = nil,
        unreachable: [String] = []
    ) -> RunReport {
        var report = RunReport(Sample.engine)
        report.commit = Sample.commit
        report.bots = bots
        report.rollouts = rollouts
        report.problems = problems
        report.failure = failure
        report.unreachablePlatforms = unreachable
        return report
    }
}

extension Sample {
    private struct NoZones: TimeZones {
        func exists(_ name: String) -> Bool { false }
        func offsetSeconds(of zone: String, at time: Timestamp) -> Int { 0 }
    }

    /// One that knows nothing.
    static var engine: Engine {
        let configuration = Configuration(
            source: SourceSettings(url: "x"), platforms: [], audit: AuditSettings(file: "x"), state: "x")
        return Engine(
            StoredState(id: "x"), settings: EngineSettings(configuration, readingDigest: ""),
            tools: EngineTools(sha256: { $0 }, zones: NoZones()), seed: 1,
            now: Now(tick: Tick(milliseconds: 0), wall: time))
    }
}
