import Domain
import Testing

@Suite("What a platform may be sent")
struct RequestBudgetTests {
    private func tick(_ seconds: Int64) -> Tick { Tick(milliseconds: seconds * 1000) }

    @Test("rollouts, polls and failovers before sweeps and first observations, each in order")
    func classes() {
        var budget = RequestBudget(requests: 100, per: .minutes(1), maxConcurrent: 3)
        for id in 1...2 { budget.enqueue(id, isFirstClass: false, at: tick(0)) }
        for id in 3...4 { budget.enqueue(id, isFirstClass: true, at: tick(0)) }
        #expect(budget.release(at: tick(0)).map(\.exchange) == [3, 4, 1])
        #expect(budget.release(at: tick(0)).isEmpty)
        budget.answered(3, at: tick(1))
        #expect(budget.release(at: tick(1)).map(\.exchange) == [2])
    }

    @Test("in no span of that length are more sent, however long the answers take")
    func limit() {
        var budget = RequestBudget(requests: 5, per: .seconds(60), maxConcurrent: 3)
        var random = SeededRandom(seed: 7)
        var sent: [Int64] = []
        var open: [(id: Int, at: Int64)] = []
        for id in 1...60 { budget.enqueue(id, isFirstClass: id % 2 == 0, at: tick(0)) }
        for second in 0...2_000 as ClosedRange<Int64> {
            for one in open where one.at == second { budget.answered(one.id, at: tick(second)) }
            open.removeAll { $0.at == second }
            for waiting in budget.release(at: tick(second)) {
                sent.append(second)
                open.append((waiting.exchange, second + Int64.random(in: 1...20, using: &random)))
            }
            #expect(open.count <= 3)
        }
        #expect(sent.count == 60)
        for second in sent { #expect(sent.filter { $0 > second - 60 && $0 <= second }.count <= 5) }
    }

    @Test("a pause holds all back, at most ten minutes, and says when it ends")
    func pause() {
        var budget = RequestBudget(requests: 5, per: .seconds(60), maxConcurrent: 3)
        budget.pause(for: .hours(3), at: tick(0))
        budget.enqueue(1, isFirstClass: true, at: tick(1))
        #expect(budget.release(at: tick(599)).isEmpty)
        #expect(budget.nextRelease(at: tick(1)) == tick(600))
        #expect(budget.release(at: tick(600)).map(\.exchange) == [1])
    }
}
