import Domain
import Simulation
import Testing

@Suite("Shrinking") struct ShrinkerTests {
    @Test("delta debugging keeps what is needed and nothing else") func minimal() async {
        var budget = 500
        let found = await DeltaDebugging.minimal(Array(1...60), budget: &budget) { items in
            Set([7, 31, 32]).isSubset(of: items)
        }
        #expect(found == [7, 31, 32])
        #expect(budget > 0)
    }

    @Test("what fails with nothing at all shrinks to nothing") func nothing() async {
        var budget = 50
        #expect(await DeltaDebugging.minimal([1, 2, 3], budget: &budget) { _ in true }.isEmpty)
    }

    @Test("a budget is kept") func bounded() async {
        var budget = 5
        var trials = 0
        _ = await DeltaDebugging.minimal(Array(1...100), budget: &budget) { items in
            trials += 1
            return items.contains(50)
        }
        #expect(trials == 5)
    }
}
