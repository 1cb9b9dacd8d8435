import Domain
import Testing

@Suite struct RolloutRecordTests {
    @Test func invariant8_everyStepOfARolloutIsRecorded() {
        var driver = Driver.failoverVerifying()
        driver.answer(.turn(.right))
        let steps = driver.records.filter { $0 != "guard" }
        #expect(
            steps == [
                "start", "intent", "answer", "job", "read-back", "verification", "quarantine", "failover", "intent",
                "answer", "job", "read-back", "verification", "end",
            ])
    }

    @Test func invariant8_theEndHoldsEverythingThatTheNoteTells() throws {
        var driver = Driver.failoverVerifying()
        driver.answer(.turn(.right))
        let end = try #require(driver.record("end"))
        #expect(end["outcome"] == .string("failed-over"))
        #expect(end["from"] == .string("v5"))
        #expect(end["to"] == .string("v7"))
        #expect(end["fallback"] == .string("v5"))
        #expect(end["jobIds"] == .array([.string("job_9"), .string("job_10")]))
        guard case .array(let guards) = end["guards"], case .array(let turns) = end["verification"] else {
            Issue.record("guards and verification are lists")
            return
        }
        #expect(guards.map { $0["guard"]?.text } == ["window", "cooldown", "version", "in-flight", "sessions"])
        #expect(turns.map { $0["verdict"]?.text } == ["failed", "passed"])
    }

    @Test func theWorstTurnStandsInTheTutorialsMetrics() throws {
        var driver = Driver.failoverVerifying()
        driver.answer(.turn(.right))
        let metrics = try #require(driver.record("end")?["metrics"])
        #expect(metrics["botId"] == .string(driver.rollout.key.botId))
        #expect(metrics["verificationPassed"] == .bool(false))
        #expect(metrics["testMessage"] == .string(driver.rollout.turns[0].testMessage))
        #expect(metrics["timestamp"] == .string(driver.rollout.turns[0].at.iso8601))
        #expect(driver.record("verification")?["metrics"]?["verificationPassed"] == .bool(true))
    }

    @Test func theAnswersStatusDoesNotTakeTheTutorialsPlace() {
        #expect(Driver.deploying().record("answer")?["status"] == nil)
    }

    @Test func theAnswersDigestsAreRecorded() {
        let driver = Driver.deploying()
        let answer = driver.record("answer")
        #expect(answer?["requestDigest"] == .string("aa"))
        #expect(answer?["answerDigest"] == .string("bb"))
        #expect(answer?["httpStatus"] == .integer(200))
        #expect(answer?["jobId"] == .string("job_9"))
    }

    @Test func phasesAreMarkedWithTheirDurations() {
        var driver = Driver.verifying()
        driver.pass(.seconds(3))
        driver.answer(.turn(.right))
        let marks = driver.rollout.marks
        #expect(marks.map(\.phase) == ["guarding", "draining", "triggering", "deploying", "verifying", "ended"])
        #expect(marks.first { $0.phase == "verifying" }?.duration == .seconds(3))
        #expect(marks.last?.duration == nil)
    }

    @Test func longTextsAreCutInRecords() {
        var driver = Driver.deploying()
        driver.wake()
        driver.answer(.status(.failed, errorMessage: String(repeating: "x", count: 5000)))
        #expect(driver.record("job")?["errorMessage"]?.text?.count == 200)
    }

    @Test func invariant8_anEndedRolloutAnswersNothing() {
        var driver = Driver.verifying()
        driver.answer(.turn(.right))
        let before = driver.rollout
        for happening in RolloutTable.happenings {
            happening.apply(&driver)
            #expect(driver.effects.isEmpty, "\(happening.name)")
        }
        #expect(driver.rollout == before)
        #expect(driver.log.count { if case .ended = $0 { true } else { false } } == 1)
    }
}
