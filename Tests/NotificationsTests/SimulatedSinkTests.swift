import Domain
import Foundation
import Notifications
import Simulator
import Testing

@Suite("Deliveries to the simulated sink", .timeLimit(.minutes(1)))
struct SimulatedSinkTests {
    static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    static let other = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwd"

    /// The sink checks the age of a signature by its own clock.
    var now: Timestamp { Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) }

    func run(
        _ secrets: [String: String], signed: [String],
        _ body: @Sendable (SimulatedSink, any Sink) async throws -> Void
    ) async throws {
        let simulated = SimulatedSink(secrets: [SimulatedSinkTests.secret])
        let url = try await simulated.start()
        try await withSink(.literal(url), secrets: FakeSecrets(secrets), signed: signed) {
            try await body(simulated, $0)
        }
        await simulated.shutdown()
    }

    @Test("a signature is accepted, alone and beside a newer one during a rotation; a wrong one is not")
    func signatures() async throws {
        let secrets = ["OLD": SimulatedSinkTests.secret, "NEW": SimulatedSinkTests.other]
        for (signed, answer) in [
            (["OLD"], DeliveryAnswer.delivered(status: 204)), (["NEW", "OLD"], .delivered(status: 204)),
        ] {
            try await run(secrets, signed: signed) { simulated, sink in
                #expect(await sink.deliver(makeFullEvent(), attemptedAt: now) == answer)
                #expect(simulated.accepted.map(\.signature) == [.valid])
                #expect(simulated.accepted.first?.body == WebhookBody.render(makeFullEvent()))
            }
        }
        for signed in [["NEW"], []] {
            try await run(secrets, signed: signed) { simulated, sink in
                guard case .refused(401, _) = await sink.deliver(makeFullEvent(), attemptedAt: now) else {
                    Issue.record("not refused")
                    return
                }
                #expect(simulated.accepted.isEmpty)
            }
        }
    }

    @Test("what a sink can do wrong")
    func faults() async throws {
        try await run(["OLD": SimulatedSinkTests.secret], signed: ["OLD"]) { simulated, sink in
            simulated.add(.gone)
            guard case .gone = await sink.deliver(makeEvent(), attemptedAt: now) else {
                Issue.record("not gone")
                return
            }
            simulated.clearFaults()
            simulated.add(SinkFault(.respond(status: 429, retryAfter: "8")))
            guard case .failed(_, .seconds(8)) = await sink.deliver(makeEvent(), attemptedAt: now) else {
                Issue.record("not failed")
                return
            }
            for fault in [SinkFault(.drop), SinkFault(.dropBeforeReading), SinkFault(.redirect(to: "/else"))] {
                simulated.add(fault)
                guard case .failed(_, nil) = await sink.deliver(makeEvent(), attemptedAt: now) else {
                    Issue.record("not failed: \(fault)")
                    return
                }
            }
            simulated.add(SinkFault(.endless))
            #expect(await sink.deliver(makeEvent(), attemptedAt: now) == .delivered(status: 200))
            #expect(await sink.deliver(makeEvent(), attemptedAt: now) == .delivered(status: 204))
            #expect(Set(simulated.attempts.compactMap(\.id)) == [makeEvent().id])
        }
    }
}
