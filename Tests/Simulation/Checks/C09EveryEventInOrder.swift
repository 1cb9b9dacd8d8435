import Domain

/// 9. Every event reaches every matching sink at least once, with one id, in order per bot - or ends as a dead letter.
struct EveryEventInOrder: Checker {
    let invariant = 9

    private struct Lane: Hashable {
        var sink: String
        var stream: String
    }

    /// Ids of what is to be delivered, in order; what is settled at the front is gone.
    private var lanes: [Lane: [String]] = [:]
    private var laneOf: [JournalView.DeliveryKey: Lane] = [:]
    private var lastSequence: [String: Int64] = [:]
    private var taken: Set<JournalView.DeliveryKey> = []
    /// What came of its attempts so far.
    private var tries: [JournalView.DeliveryKey: (all: Int, refused: Int)] = [:]

    /// A dead letter: refused three times, or tried ten times (`reporting.md`, Delivery).
    private static let mostRefusals = 3
    private static let mostTries = 10

    mutating func see(_ sight: Sight, in scene: Scene) -> String? {
        switch sight {
        case .committed(let transactions):
            for transaction in transactions {
                for entry in transaction.events {
                    if let wrong = note(entry, scene) { return wrong }
                }
                for delivery in transaction.deliveries where delivery.status == .delivered {
                    let key = JournalView.DeliveryKey(delivery.eventId, delivery.sink)
                    if !taken.contains(key) { return "\(delivery.sink) is said to have taken what it never saw" }
                }
                for delivery in transaction.deliveries where delivery.status == .dead {
                    let tried = tries[JournalView.DeliveryKey(delivery.eventId, delivery.sink)] ?? (0, 0)
                    if tried.refused < Self.mostRefusals, tried.all < Self.mostTries {
                        return "\(delivery.sink) was given up after \(tried.all) tries, \(tried.refused) refused"
                    }
                }
            }
        case .attempted(let sink, let event, let answer, let isTaken):
            let key = JournalView.DeliveryKey(event.id, sink)
            if isTaken, case .delivered = answer { taken.insert(key) }
            tries[key, default: (0, 0)].all += 1
            if case .refused = answer { tries[key]?.refused += 1 }
            return attempt(event, key, scene)
        case .settled: return atTheEnd(scene)
        default: break
        }
        return nil
    }

    private mutating func note(_ entry: OutboxEntry, _ scene: Scene) -> String? {
        let event = entry.event
        let expected = (lastSequence[event.stream] ?? 0) + 1
        if event.sequence != expected { return "\(event.stream) has \(event.sequence) after \(expected - 1)" }
        lastSequence[event.stream] = event.sequence
        for sink in scene.world.configuration.notifications where sink.kind == .webhook {
            if matches(sink, event) != entry.sinks.contains(sink.name) {
                return "\(event.type) is \(entry.sinks.contains(sink.name) ? "" : "not ")due at \(sink.name)"
            }
        }
        for sink in entry.sinks {
            let lane = Lane(sink: sink, stream: entry.lane(of: sink))
            lanes[lane, default: []].append(event.id)
            laneOf[JournalView.DeliveryKey(event.id, sink)] = lane
        }
        return nil
    }

    /// These worlds' filters are `rollout.*` and one label.
    private func matches(_ sink: SinkSettings, _ event: Event) -> Bool {
        if event.type.hasPrefix("sink."), event.stream == "sink/\(sink.name)" { return false }
        if !sink.events.isEmpty, !event.type.hasPrefix("rollout.") { return false }
        return sink.labels.allSatisfy { event.bot?.labels[$0.key] == $0.value }
    }

    private mutating func attempt(_ event: Event, _ key: JournalView.DeliveryKey, _ scene: Scene) -> String? {
        guard scene.journal.events[event.id] == event else { return "\(key.sink) was sent an event that is not stored" }
        guard let lane = laneOf[key] else { return "\(key.sink) was sent \(event.type), which is not due there" }
        while let first = lanes[lane]?.first, first != event.id {
            let status = scene.journal.deliveries[JournalView.DeliveryKey(first, key.sink)]?.status
            guard status != .pending else {
                return "\(key.sink) was sent \(event.type) of \(event.stream) before an older one"
            }
            lanes[lane]?.removeFirst()
        }
        return nil
    }

    private func atTheEnd(_ scene: Scene) -> String? {
        for (key, delivery) in scene.journal.deliveries.inOrder where delivery.status == .pending {
            if scene.journal.sinks[key.sink]?.disabled != nil { continue }
            // Behind one that waits for its next try.
            let lane = laneOf[key].flatMap { lanes[$0] } ?? []
            let isBehind = lane.contains { id in
                let other = scene.journal.deliveries[JournalView.DeliveryKey(id, key.sink)]
                return other?.status == .pending && (other?.notBefore ?? scene.now.tick) > scene.now.tick
            }
            if delivery.notBefore <= scene.now.tick, !isBehind {
                return
                    "\(key.sink) was not sent event \(key.event) of \(delivery.stream) although nothing is in its way"
            }
        }
        return nil
    }
}
