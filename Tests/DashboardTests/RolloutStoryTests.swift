import Domain
import Testing

@testable import Dashboard

@Suite("A rollout's story")
struct RolloutStoryTests {
    private func rollout(_ marks: [(String, Double)], outcome: Outcome? = .succeeded) -> Rollout {
        var rollout = Sample.rollout(outcome: outcome)
        rollout.marks = marks.map { .init(phase: $0.0, at: Sample.at($0.1)) }
        return rollout
    }

    private func timeline(_ rollout: Rollout, _ lines: [AuditLineView]) -> Timeline {
        Timeline(rollout, records: lines.compactMap { StepRecord($0.value) })
    }

    @Test("begins with the commit, ends with the outcome, and names no phase twice") func order() {
        let steps = timeline(
            rollout([
                ("guarding", 0), ("draining", 1), ("triggering", 2), ("deploying", 3), ("verifying", 4), ("ended", 5),
            ]),
            []
        ).steps
        #expect(
            steps.map(\.title) == [
                "Commit aaaaaaaa", "Judging the guards", "Draining sessions", "Triggering", "Deploying", "Verifying",
                "Succeeded",
            ])
        #expect(steps.last?.tone == "good")
        #expect(steps.allSatisfy { !$0.isCurrent })
    }

    @Test("what runs now is marked") func current() {
        let steps = timeline(rollout([("guarding", 0), ("draining", 1)], outcome: nil), []).steps
        #expect(steps.map(\.isCurrent) == [false, false, true])
    }

    @Test("a step in the millisecond of a change of phase is told where it belongs") func boundaries() {
        let steps = timeline(
            rollout([("deploying", 3), ("verifying", 4), ("guarding", 5), ("ended", 6)], outcome: .failedOver),
            [
                Sample.line("read-back", seconds: 4, index: 1, ["serves": .string("v7")]),
                Sample.line("verification", seconds: 5, index: 2, ["verdict": .string("failed")]),
                Sample.line("quarantine", seconds: 5, index: 3, ["version": .string("v7")]),
                Sample.line("guard", seconds: 5, index: 4, ["guard": .string("version"), "verdict": .string("pass")]),
                Sample.line("end", seconds: 6, index: 5, ["outcome": .string("failed-over")]),
            ]
        ).steps
        #expect(
            steps.map { $0.lines.map(\.title) } == [
                [], ["Read back"], ["Verification failed", "v7 is quarantined"], ["Guard passes"], [],
            ])
    }

    @Test("guards that pass are one line, and so is a long drain; every other line stays") func condensed() {
        func pass(_ name: String) -> AuditLineView {
            Sample.line("guard", seconds: 0, ["guard": .string(name), "verdict": .string("pass")])
        }
        let drain = (1...50).map { Sample.sessions("\(51 - $0) active, at most 0", seconds: Double($0)) }
        let steps = timeline(
            rollout([("draining", 0)], outcome: nil),
            [pass("manifest"), pass("policy")] + drain
                + [Sample.line("newer-commit", seconds: 60, ["by": .string("bbbb")])]
        ).steps
        let lines = steps[1].lines
        #expect(lines.map(\.title) == ["Guards pass", "Guard sessions: wait", "Newer commit"])
        #expect(lines[0].detail == "manifest, policy")
        #expect(lines[1].detail == "50 active, at most 0 → 1 active, at most 0, 50 changes")
    }

    @Test("what a request got is told as it was recorded") func answers() {
        func title(_ fields: [String: JSONValue]) -> String? {
            StepRecord(Sample.line("answer", seconds: 0, fields).value).map { StepLine($0).title }
        }
        #expect(title(["httpStatus": .integer(202), "jobId": .string("job_1")]) == "Request answered 202")
        #expect(title(["httpStatus": .integer(409), "failure": .string("busy")]) == "Request answered 409")
        #expect(title(["httpStatus": .null, "failure": .string("no connection")]) == "Request got no answer")
        #expect(title(["jobId": .string("job_1")]) == "Request accepted")
    }

    @Test("the ladder has every guard in order; what was not reached says so") func ladder() {
        let rungs = GuardLadder([
            GuardVerdict(.manifest, .pass, "passes"), GuardVerdict(.window, .wait, "closed", until: Sample.at(60)),
        ]).rungs
        #expect(rungs.map(\.name) == Guard.allCases.map(\.rawValue))
        #expect(rungs.first { $0.name == "manifest" }?.face.word == "Pass")
        #expect(rungs.first { $0.name == "window" }?.face.word == "Wait")
        #expect(rungs.first { $0.name == "window" }?.until.count == 1)
        #expect(rungs.first { $0.name == "sessions" }?.isReached == false)
    }

    @Test("a guard that a person waived is not shown as passed") func waived() {
        let face = GuardLadder([GuardVerdict(.sessions, .wait, "3 active", waived: true)]).rungs.last?.face
        #expect(face?.word == "Waived")
    }

    @Test("a bot that an admission guard stops shows that guard, not the last rollout's") func stopped() {
        let record = Sample.record(state: .held, guard: .quarantine, message: "v7 failed here")
        let view = BotView(
            BotSnapshot(bot: record, records: [], rollouts: [Sample.rollout(outcome: .failed)], events: []))
        let rung = view.guards.rungs.first { $0.name == "quarantine" }
        #expect(rung?.face.word == "Held")
        #expect(rung?.detail == "v7 failed here")
    }
}

@Suite("Drawings")
struct ChartTests {
    private func chart(_ lines: [AuditLineView]) -> SessionChart? {
        SessionChart(Sample.rollout(outcome: nil, maxSessions: 2), records: lines.compactMap { StepRecord($0.value) })
    }

    @Test("sessions: a step at each change, with its limit, and the same as text") func sessions() throws {
        let drawn = chart([
            Sample.sessions("37 active, at most 2", seconds: 0),
            Sample.sessions("at least 12 active, at most 2", seconds: 30),
            Sample.sessions("2 active, at most 2", seconds: 60, verdict: "pass"),
        ])
        let chart = try #require(drawn)
        #expect(chart.rows.map(\.count) == ["37", "at least 12", "2"])
        #expect(chart.newest == "2")
        #expect(chart.limitText == "at most 2")
        #expect(chart.frame.summary.contains("From 37") && chart.frame.summary.contains("to 2"))
        #expect(chart.line.filter { $0 == "V" }.count == 2)
        #expect(chart.hasCurve)
    }

    @Test("sessions that could not be counted are not drawn as none") func unknown() {
        #expect(chart([Sample.sessions("the platform counts no sessions", seconds: 0, verdict: "unknown")]) == nil)
        #expect(chart([]) == nil)
    }

    @Test("turns: one mark each, a failed one of another shape, within the frame") func turns() throws {
        let turns = [
            Sample.turn(confidence: 0.9, seconds: 1), Sample.turn(.failed, confidence: 0.2, seconds: 2),
            Sample.turn(.inconclusive, confidence: nil, seconds: 3),
        ].map { TurnChart.Turn(version: "v7", result: $0) }
        let chart = try #require(TurnChart.confidence(turns, least: 0.8))
        #expect(chart.marks.map(\.tone) == ["good", "fail"])
        #expect(chart.marks[0].path.contains("a") && !chart.marks[1].path.contains("a"))
        #expect(chart.rows.map(\.value) == ["0.9", "0.2"])
        #expect(chart.frame.summary == "2 turns from 0.2 to 0.9, the newest 0.2; 1 failed.")
        #expect(chart.limits.map(\.label) == ["at least 0.8"])
        #expect(TurnChart.confidence([], least: nil) == nil)
    }

    @Test("a value that is no number draws nothing and breaks nothing") func odd() {
        let turns = [Sample.turn(confidence: .nan, latency: .infinity)].map { TurnChart.Turn(version: "v", result: $0) }
        #expect(TurnChart.confidence(turns, least: nil) == nil)
        #expect(TurnChart.latency(turns, most: nil) == nil)
        let huge = [Sample.turn(latency: 1e300)].map { TurnChart.Turn(version: "v", result: $0) }
        #expect(TurnChart.latency(huge, most: nil) != nil)
    }

    @Test(
        "scales end at a round number that holds all",
        arguments: [
            (0.0, 1.0), (0.7, 1), (1, 1), (3, 5), (37, 50), (51, 100), (107.7, 200), (1000, 1000),
        ])
    func scale(value: Double, expected: Double) { #expect(Plot.niceCeiling(value) == expected) }

    @Test("numbers as people read them") func numbers() {
        #expect(Words.grouped(0) == "0")
        #expect(Words.grouped(10_000) == "10\u{202F}000")
        #expect(Words.grouped(1_234_567) == "1\u{202F}234\u{202F}567")
        #expect(Words.decimal(0.905) == "0.905")
        #expect(Words.decimal(2) == "2")
    }
}
