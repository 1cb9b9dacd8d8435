/// The ids of the last authenticated deliveries: one that comes again asks for nothing new.
struct SeenDeliveries: Sendable {
    static let maxDeliveries = 10_000

    private var seen: Set<String> = []
    private var order: [String] = []
    private var next = 0

    /// - Returns: false where it was seen before.
    mutating func insert(_ id: String) -> Bool {
        guard seen.insert(id).inserted else { return false }
        if order.count < Self.maxDeliveries {
            order.append(id)
        } else {
            seen.remove(order[next])
            order[next] = id
            next = (next + 1) % Self.maxDeliveries
        }
        return true
    }
}
