import Domain
import Testing

@testable import Commands

@Suite("The story of a bot, as `audit show NAME` tells it")
struct AuditStoryTests {
    /// Records as a trail has them.
    private struct Book {
        private var index: Int64 = 0
        private(set) var records: [JSONValue] = []

        mutating func add(_ fields: [String: JSONValue], at time: String) {
            index += 1
            var fields = fields
            fields["auditTimestamp"] = .string("2026-11-22T10:00:\(time)Z")
            fields["chain"] = .object(["index": .integer(index)])
            records.append(.object(fields))
        }

        mutating func step(_ step: String, _ fields: [String: JSONValue] = [:], at time: String = "00.000") {
            var fields = fields
            fields["type"] = .string("rollout.\(step)")
            fields["step"] = .string(step)
            fields["rollout"] = .string("01a2")
            fields["desired"] = fields["desired"] ?? .string("v_2")
            fields["deployed"] = .string("v_1")
            fields["commit"] = .object([
                "sha": .string(String(repeating: "4b", count: 20)), "author": .string("Ada <ada@example.com>"),
                "message": .string("say v_2"), "signature": .string("unsigned"),
            ])
            add(fields, at: time)
        }

        mutating func look(_ name: String, _ verdict: String, _ detail: String, at time: String = "00.000") {
            step("guard", ["guard": .string(name), "verdict": .string(verdict), "detail": .string(detail)], at: time)
        }

        mutating func begin() {
            step(
                "start",
                [
                    "cause": .string("manifest"), "direction": .string("deployment"), "from": .string("v_1"),
                    "to": .string("v_2"),
                ])
            for name in ["manifest", "trust"] { look(name, "pass", "passes") }
            for count in [3, 2, 1] { look("sessions", "wait", "\(count) active, at most 0") }
            look("sessions", "pass", "0 active, at most 0", at: "02.000")
            step(
                "intent",
                [
                    "targetVersion": .string("v_2"), "environment": .string("PRODUCTION"),
                    "idempotencyKey": .string("k-1"),
                ])
            step("answer", ["httpStatus": .integer(200), "jobId": .string("job_1"), "latencyMs": .number(12.4)])
            step("job", ["jobId": .string("job_1"), "state": .string("COMPLETED")])
            step("read-back", ["serves": .string("v_2")])
        }

    }

    @Test("a rollout that failed over: why, what was seen, sent and asked, and how it ended")
    func failedOver() {
        var book = Book()
        book.begin()
        book.step(
            "verification",
            [
                "testMessage": .string("I need help"), "verdict": .string("failed"),
                "detectedIntent": .string("fallback"),
                "confidence": .number(0.31), "latencyMs": .integer(2), "detail": .string("intent was fallback"),
            ])
        book.step("quarantine", ["version": .string("v_2"), "reason": .string("v_2 failed")])
        book.step("failover", ["to": .string("v_1"), "reason": .string("v_2 failed")])
        book.step(
            "intent", ["failover": .bool(true), "targetVersion": .string("v_1"), "idempotencyKey": .string("k-2")])
        book.step("answer", ["failure": .string("the platform did not answer")])
        book.step("answer-adopted", ["by": .string("key"), "jobId": .string("job_2")])
        book.step("end", ["outcome": .string("failed-over"), "message": .string("v_1 serves again")], at: "03.500")
        #expect(
            AuditStory(book.records).text(colors: false) == """
                2026-11-22 10:00:00Z  deployment v_1 → v_2, failed-over after 3s500ms
                  why      4b4b4b4b “say v_2” by Ada <ada@example.com>, unsigned; git asks for it
                  rollout  01a2
                  seen     2 guards pass: manifest, trust
                  seen     guard sessions waits: 3 active, at most 0 → 1 active, at most 0 (3 looks)
                  seen     guard passes: sessions (0 active, at most 0)
                  sent     deploy v_2, PRODUCTION, key k-1
                  answer   200, job_1, 12ms
                  job      job_1 completed
                  serves   v_2
                  asked    “I need help”: failed, fallback, confidence 0.31, intent was fallback, 2ms
                  then     v_2 is quarantined: v_2 failed
                  then     fails over to v_1: v_2 failed
                  sent     failover to v_1, key k-2
                  answer   no answer, the platform did not answer
                  then     answer-adopted, by key, jobId job_2
                  end      failed-over, v_1 serves again
                  records  1 to 18

                """)
    }

    @Test("one that is open, a decision and a drift beside it, each with who")
    func beside() {
        var book = Book()
        book.begin()
        book.add(
            [
                "type": .string("decision.waived"), "message": .string("window was waived"),
                "decidedBy": .string("Carol <carol@example.com>"), "reason": .string("the fix must go out"),
                "commit": .object(["sha": .string(String(repeating: "4b", count: 20))]),
            ], at: "04.000")
        book.add(
            [
                "type": .string("drift.detected"), "message": .string("wants v_1, serves v_3"),
                "drift": .object(["changedBy": .string("mallory")]),
            ], at: "05.000")
        let text = AuditStory(book.records).text(colors: false)
        #expect(text.hasPrefix("2026-11-22 10:00:00Z  deployment v_1 → v_2, open\n"))
        #expect(
            text.hasSuffix(
                """

                2026-11-22 10:00:04Z  decision.waived: window was waived
                  who     Carol <carol@example.com>
                  reason  “the fix must go out”
                  commit  4b4b4b4b
                  record  12

                2026-11-22 10:00:05Z  drift.detected: wants v_1, serves v_3
                  changed by  mallory
                  record      13

                """))
        #expect(AuditStory(book.records).text(colors: true).contains("\u{1B}[33mopen\u{1B}[0m"))
    }

    @Test("text of strangers cannot move the cursor; a story that begins in the middle is told as far as it goes")
    func hostile() {
        var book = Book()
        book.step("end", ["outcome": .string("succeeded\u{1B}[2J"), "message": .string("a\u{202E}b\nc")])
        book.add(["type": .string("drift\u{7}"), "message": .string("x\u{1B}]0;y\u{7}")], at: "01.000")
        let text = AuditStory(book.records).text(colors: false)
        #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0.value == 0x202E })
        #expect(text.hasPrefix("2026-11-22 10:00:00Z  rollout v_1 → v_2, succeeded"))
        #expect(AuditStory([]).text(colors: false).isEmpty)
    }
}
