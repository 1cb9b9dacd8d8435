/// Which rollout is next: a slot is held from the POST to the job's end and for verification; waiting holds none.
package struct RolloutQueue: Sendable {
    package let slots: Int
    /// Not started yet: first tries of a commit before retries, in order of arrival.
    private var fresh = Fifo<String>()
    private var retries = Fifo<String>()
    /// Ready for the POST, waiting for a slot.
    private var ready = Fifo<String>()
    private var asking: Set<String> = []
    package private(set) var holders: Set<String> = []
    /// Started and busy with their guards.
    package private(set) var preparing: Set<String> = []

    /// Guards are looked at ahead of the slots, but not for a thousand bots at once: what was seen would be old by then.
    package static let preparingPerSlot = 2

    package init(slots: Int) { self.slots = slots }

    package mutating func enqueue(_ id: String, isRetry: Bool) {
        if isRetry { retries.append(id) } else { fresh.append(id) }
    }

    package mutating func askForSlot(_ id: String) {
        if asking.insert(id).inserted { ready.append(id) }
    }

    package mutating func giveBack(_ id: String) { holders.remove(id) }

    /// It waits for something that takes long (a window, sessions), or has its slot, or ended.
    package mutating func isNoLongerPreparing(_ id: String) { preparing.remove(id) }

    package mutating func forget(_ id: String) {
        holders.remove(id)
        preparing.remove(id)
        if asking.remove(id) != nil { ready.removeAll { $0 == id } }
        fresh.removeAll { $0 == id }
        retries.removeAll { $0 == id }
    }

    /// Takes back a slot that the rollout held before a restart.
    package mutating func adopt(_ id: String) { holders.insert(id) }

    package mutating func nextToStart() -> String? {
        guard preparing.count < slots * RolloutQueue.preparingPerSlot else { return nil }
        guard let id = fresh.popFirst() ?? retries.popFirst() else { return nil }
        preparing.insert(id)
        return id
    }

    package mutating func nextSlot() -> String? {
        guard holders.count < slots, let id = ready.popFirst() else { return nil }
        asking.remove(id)
        holders.insert(id)
        preparing.remove(id)
        return id
    }
}
