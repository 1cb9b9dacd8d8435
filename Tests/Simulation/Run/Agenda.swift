import Domain

/// What is still to come, in the order of true time; of the same moment in the order in which it was put there.
struct Agenda {
    enum Occurrence {
        case happening(Int)
        /// The process is killed, because the cell of the platform matrix says so.
        case death
        /// Of the cleaning up after the faults.
        case repair(Int)
        /// A process handles what came since.
        case turn(process: Int)
        case wake(process: Int)
        case effect(process: Int, EngineEffect)
        case input(process: Int, EngineInput, Sent?)
        case arrival(flight: Int)
        case start
        case parked(process: Int)
        /// Whether all is at rest already.
        case check
        case faultsEnd, settle, finish
    }

    private struct Entry {
        var at: Int64
        var order: Int
        var what: Occurrence
    }

    private var heap: [Entry] = []
    private var order = 0

    mutating func add(_ what: Occurrence, at: Int64) {
        order += 1
        heap.append(Entry(at: at, order: order, what: what))
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard isBefore(child, parent) else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    mutating func next() -> (at: Int64, what: Occurrence)? {
        guard let first = heap.first else { return nil }
        let last = heap.removeLast()
        if !heap.isEmpty {
            heap[0] = last
            var parent = 0
            while true {
                var least = parent
                for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && isBefore(child, least) {
                    least = child
                }
                if least == parent { break }
                heap.swapAt(parent, least)
                parent = least
            }
        }
        return (first.at, first.what)
    }

    private func isBefore(_ one: Int, _ other: Int) -> Bool {
        (heap[one].at, heap[one].order) < (heap[other].at, heap[other].order)
    }
}
