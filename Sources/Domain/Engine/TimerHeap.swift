/// What is due when: a binary heap. An entry is not taken out when its reason goes; whoever it wakes looks again.
package struct TimerHeap: Sendable {
    package enum Key: Hashable, Sendable {
        case rollout(String)
        case retry(exchange: Int)
        case bot(BotKey)
        case sweep
        /// Only wakes the engine.
        case general
    }

    private struct Entry: Sendable {
        var at: Tick
        var order: Int
        var key: Key

        static func < (one: Entry, other: Entry) -> Bool { (one.at, one.order) < (other.at, other.order) }
    }

    private var entries: [Entry] = []
    private var order = 0

    package init() {}

    package var next: Tick? { entries.first?.at }

    package mutating func add(_ key: Key, at tick: Tick) {
        order += 1
        entries.append(Entry(at: tick, order: order, key: key))
        var child = entries.count - 1
        while child > 0, entries[child] < entries[(child - 1) / 2] {
            entries.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    package mutating func popDue(at now: Tick) -> Key? {
        guard let first = entries.first, first.at <= now else { return nil }
        let last = entries.removeLast()
        if !entries.isEmpty {
            entries[0] = last
            sink()
        }
        return first.key
    }

    private mutating func sink() {
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < entries.count && entries[child] < entries[least]
            {
                least = child
            }
            guard least != parent else { return }
            entries.swapAt(parent, least)
            parent = least
        }
    }
}
