/// Which rollout is next: a slot is held from the POST to the job's end and for verification; waiting holds none.
///
/// Every platform has a lane of its own, so that one that does not answer holds up no bot of another.
package struct RolloutQueue: Sendable {
    private struct Lane: Sendable {
        /// Not started yet: first tries of a commit before retries, in order of arrival.
        var fresh = Fifo<String>()
        var retries = Fifo<String>()
        /// Ready for the POST, waiting for a slot.
        var ready = Fifo<Ready>()
        /// Started and busy with their guards.
        var preparing: Set<String> = []
    }

    private struct Ready: Sendable {
        var id: String
        var order: Int
    }

    package let slots: Int
    private var lanes: [String: Lane] = [:]
    private var laneOf: [String: String] = [:]
    private var asking: Set<String> = []
    private var order = 0
    package private(set) var holders: Set<String> = []

    /// Guards are looked at ahead of the slots, but not for a thousand bots at once: what was seen would be old by then.
    package static let preparingPerSlot = 2

    package init(slots: Int) { self.slots = slots }

    package mutating func enqueue(_ id: String, on platform: String, isRetry: Bool) {
        laneOf[id] = platform
        if isRetry {
            lanes[platform, default: Lane()].retries.append(id)
        } else {
            lanes[platform, default: Lane()].fresh.append(id)
        }
    }

    package mutating func askForSlot(_ id: String, on platform: String) {
        guard asking.insert(id).inserted else { return }
        laneOf[id] = platform
        order += 1
        lanes[platform, default: Lane()].ready.append(Ready(id: id, order: order))
    }

    package func isAskedForSlot(on platform: String) -> Bool { lanes[platform]?.ready.isEmpty == false }

    package mutating func giveBack(_ id: String) { holders.remove(id) }

    /// It waits for something that takes long (a window, sessions), or has its slot, or ended.
    package mutating func isNoLongerPreparing(_ id: String) {
        if let lane = laneOf[id] { lanes[lane]?.preparing.remove(id) }
    }

    package mutating func forget(_ id: String) {
        holders.remove(id)
        guard let lane = laneOf.removeValue(forKey: id) else { return }
        lanes[lane]?.preparing.remove(id)
        if asking.remove(id) != nil { lanes[lane]?.ready.removeAll { $0.id == id } }
        lanes[lane]?.fresh.removeAll { $0 == id }
        lanes[lane]?.retries.removeAll { $0 == id }
    }

    /// Takes back a slot that the rollout held before a restart.
    package mutating func adopt(_ id: String) { holders.insert(id) }

    package mutating func nextToStart() -> String? {
        let open = lanes.keys.sorted().filter { name in
            lanes[name].map { $0.preparing.count < slots * RolloutQueue.preparingPerSlot } ?? false
        }
        for name in open {
            if let id = lanes[name]?.fresh.popFirst() { return start(id, name) }
        }
        for name in open {
            if let id = lanes[name]?.retries.popFirst() { return start(id, name) }
        }
        return nil
    }

    private mutating func start(_ id: String, _ lane: String) -> String {
        lanes[lane]?.preparing.insert(id)
        return id
    }

    /// - Parameter isPaused: a platform that may not be asked now; a slot there would be held for nothing.
    package mutating func nextSlot(isPaused: (String) -> Bool) -> String? {
        guard holders.count < slots else { return nil }
        let waiting = lanes.compactMap { name, lane in
            isPaused(name) ? nil : lane.ready.first.map { (name: name, order: $0.order) }
        }
        guard let next = waiting.min(by: { $0.order < $1.order }), let ready = lanes[next.name]?.ready.popFirst() else {
            return nil
        }
        asking.remove(ready.id)
        holders.insert(ready.id)
        lanes[next.name]?.preparing.remove(ready.id)
        return ready.id
    }
}
