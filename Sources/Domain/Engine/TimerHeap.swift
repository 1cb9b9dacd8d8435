/// What is due when. An entry is not taken out when its reason goes; whoever it wakes looks again.
package struct TimerHeap: Sendable {
    package enum Key: Hashable, Sendable {
        case rollout(String)
        case retry(exchange: Int)
        case bot(BotKey)
        /// A suspension of many ends.
        case general
        /// The first look after the start takes too long to be waited for.
        case start
        /// The audit log could not be written, and is tried again.
        case log
    }

    private struct Entry: Comparable, Sendable {
        var at: Tick
        var order: Int
        var key: Key

        static func < (one: Entry, other: Entry) -> Bool { (one.at, one.order) < (other.at, other.order) }
    }

    private var entries = MinHeap<Entry>()
    private var order = 0

    package init() {}

    package var next: Tick? { entries.first?.at }

    package mutating func add(_ key: Key, at tick: Tick) {
        order += 1
        entries.insert(Entry(at: tick, order: order, key: key))
    }

    package mutating func popDue(at now: Tick) -> Key? {
        guard let first = entries.first, first.at <= now else { return nil }
        return entries.popFirst()?.key
    }
}
