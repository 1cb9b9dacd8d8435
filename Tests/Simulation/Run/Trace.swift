package import Domain

/// A hash over everything that happened, and, where somebody wants to read it, the story itself.
package struct Trace: Sendable {
    package private(set) var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    package private(set) var lines: [String] = []
    package let isTold: Bool

    package init(isTold: Bool) { self.isTold = isTold }

    package mutating func add(_ number: Int64) {
        hash = (hash ^ UInt64(bitPattern: number)) &* 0x100_0000_01B3
        hash ^= hash >> 29
    }

    package mutating func add(_ text: String) {
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }

    /// What became durable, but for the records: those are in the trail's last hash.
    package mutating func add(_ transaction: Transaction) {
        for change in transaction.changes {
            switch change {
            case .bot(let bot):
                add(bot.condition.state.rawValue)
                add(bot.condition.message)
            case .rollout(let rollout):
                add(rollout.phase.rawValue)
                add(rollout.message)
            default: break
            }
        }
        for event in transaction.events.map(\.event) {
            add(event.id)
            add(event.type)
            add(event.message)
        }
        for delivery in transaction.deliveries { add(delivery.status.rawValue) }
        add(Int64(transaction.changes.count * 1000 + transaction.records.count))
    }

    /// A line of the story; counts for nothing.
    package mutating func tell(_ at: Int64, _ text: @autoclosure () -> String) {
        guard isTold, lines.count < Trace.maxLines else { return }
        lines.append("\(Trace.time(at))  \(text())")
    }

    static let maxLines = 20_000

    static func time(_ at: Int64) -> String {
        func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let rest = at % 1000
        let thousandth = String(repeating: "0", count: 3 - String(rest).count) + String(rest)
        return "\(two(at / 3_600_000)):\(two(at / 60_000 % 60)):\(two(at / 1000 % 60)).\(thousandth)"
    }
}
