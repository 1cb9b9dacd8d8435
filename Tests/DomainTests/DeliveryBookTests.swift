import Testing

@testable import Domain

@Suite("The outbox")
struct DeliveryBookTests {
    static let ci = SinkSettings(name: "ci", url: .literal("https://ci.example"))
    static let forge: SinkSettings = {
        var settings = SinkSettings(name: "forge", url: .literal("https://forge.example"))
        settings.kind = .githubStatus
        return settings
    }()

    var book = DeliveryBook([Self.ci, Self.forge])

    private func now(_ seconds: Int64 = 0) -> Now {
        Now(tick: Tick(milliseconds: seconds * 1000), wall: Timestamp(milliseconds: seconds * 1000))
    }

    private func event(_ id: String) -> Event {
        Event(
            id: id, type: "rollout.started", time: Timestamp(milliseconds: 0), severity: .info, sequence: 1,
            stream: "bot", fingerprint: "f", message: "m", status: .pending)
    }

    private mutating func add(_ ids: String..., to sink: String = "forge", lane: String = "lane", at seconds: Int64 = 0)
    {
        for id in ids { book.add(event(id), to: sink, lane: lane, at: now(seconds)) }
    }

    private mutating func release(_ seconds: Int64 = 0) -> [String] {
        book.release(at: now(seconds).tick) { _ in false }.map(\.eventId)
    }

    private mutating func superseded() -> [String] {
        let found = book.takeSuperseded(at: now(9).wall)
        #expect(found.allSatisfy { $0.status == .superseded && $0.changedAt == now(9).wall })
        return found.map(\.eventId)
    }

    private mutating func answered(_ id: String, sink: String = "forge") -> DeliveryState? {
        book.answered(eventId: id, sink: sink)
    }

    @Test("a sink of events is sent each, in order")
    mutating func events() {
        add("1", "2", "3", to: "ci")
        #expect(superseded().isEmpty && book.pendingCount == 3)
        for id in ["1", "2", "3"] {
            #expect(release() == [id])
            #expect(release().isEmpty)
            if let delivery = answered(id, sink: "ci") { book.drop(delivery) }
        }
        #expect(book.pendingCount == 0)
    }

    @Test("a sink of states is sent the newest that was not sent")
    mutating func states() {
        add("1", "2", "3")
        #expect(superseded() == ["1", "2"] && superseded().isEmpty)
        #expect(book.pendingCount == 1)
        #expect(release() == ["3"])
    }

    @Test("of other lanes none is left out")
    mutating func lanes() {
        add("1", lane: "a")
        add("2", lane: "b")
        #expect(superseded().isEmpty)
        #expect(Set(release()) == ["1", "2"])
    }

    @Test("what is on its way is not overtaken; what waits behind it is")
    mutating func inFlight() {
        add("1")
        #expect(release() == ["1"])
        add("2", "3")
        #expect(superseded() == ["2"])
        #expect(release().isEmpty)
        guard let first = answered("1") else {
            Issue.record("not in flight")
            return
        }
        #expect(book.isOvertaken(first))
        book.drop(first)
        #expect(release() == ["3"])
        #expect(book.pendingCount == 1)
    }

    @Test("a newer state does not wait for the time at which an older one was to be tried again")
    mutating func retry() {
        add("1")
        #expect(release() == ["1"])
        if var first = answered("1") {
            #expect(!book.isOvertaken(first))
            first.notBefore = now(3600).tick
            book.postpone(first)
        }
        add("2", at: 5)
        #expect(superseded() == ["1"])
        #expect(release(5) == ["2"])
        if var second = answered("2") {
            second.notBefore = now(7200).tick
            book.postpone(second)
        }
        // The time of the first comes, which is not that of the second.
        #expect(release(3600).isEmpty)
        #expect(!book.hasDue(at: now(3600).tick) { _ in false })
        #expect(release(7200) == ["2"])
        #expect(release(7200).isEmpty)
    }

    @Test("a restart leaves out what a crash had left to be left out")
    mutating func restart() {
        for id in ["1", "2", "3"] {
            book.restore(
                DeliveryState(
                    eventId: id, sink: "forge", stream: "lane", sequence: 1, status: .pending,
                    notBefore: now().tick, answer: "", changedAt: now().wall))
        }
        #expect(superseded() == ["1", "2"])
        #expect(release() == ["3"])
    }

    @Test("a person who asks for states again gets the newest of them")
    mutating func again() {
        func delivery(_ id: String) -> DeliveryState {
            DeliveryState(
                eventId: id, sink: "forge", stream: "lane", sequence: 1, status: .pending,
                notBefore: now().tick, answer: "", changedAt: now().wall)
        }
        let taken = ["2", "1", "3"].map { id in book.add(again: delivery(id)) }
        #expect(taken == [true, false, true])
        #expect(superseded() == ["2"] && book.pendingCount == 1)
        #expect(release() == ["3"])
    }

    @Test("a thousand states of a sink that is away cost one delivery")
    mutating func away() {
        for number in 1...1000 { add("\(number)", at: Int64(number)) }
        #expect(superseded().count == 999 && book.pendingCount == 1)
        #expect(release(1000) == ["1000"])
        #expect(book.inFlightCount == 1)
    }
}
