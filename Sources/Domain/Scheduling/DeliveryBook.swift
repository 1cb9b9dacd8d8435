/// The outbox: at least once, one in flight for each sink and stream, in order; a sink that is down delays nobody else.
/// A sink that shows states is sent the newest of a stream alone. A step costs what is due, not what is pending.
struct DeliveryBook: Sendable {
    /// In flight to one sink at a time, over all bots.
    static let maxInFlightPerSink = 8

    /// Lanes whose first delivery sleeps until its time. One whose first was replaced since wakes it for nothing.
    private struct Sleeper: Comparable, Sendable {
        var at: Tick
        var order: Int
        var stream: String

        static func < (one: Sleeper, other: Sleeper) -> Bool { (one.at, one.order) < (other.at, other.order) }
    }

    private struct Lanes: Sendable {
        let showsStates: Bool
        var streams: [String: Fifo<DeliveryState>] = [:]
        var ready = Fifo<String>()
        var sleeping = MinHeap<Sleeper>()
        var inFlight: Set<String> = []

        mutating func wake(at now: Tick) {
            while let first = sleeping.first, first.at <= now {
                _ = sleeping.popFirst()
                if let next = streams[first.stream]?.first, next.notBefore <= now, !inFlight.contains(first.stream) {
                    ready.append(first.stream)
                }
            }
        }
    }

    private var sinks: [String: Lanes] = [:]
    private var order = 0
    private(set) var pendingCount = 0
    private var superseded: [DeliveryState] = []

    init(_ sinks: [SinkSettings]) {
        for sink in sinks { self.sinks[sink.name] = Lanes(showsStates: sink.kind.showsStates) }
    }

    mutating func restore(_ delivery: DeliveryState) {
        guard delivery.status == .pending, sinks[delivery.sink] != nil else { return }
        append(delivery)
    }

    mutating func add(_ event: Event, to sink: String, lane: String, at now: Now) {
        append(
            DeliveryState(
                eventId: event.id, sink: sink, stream: lane, sequence: event.sequence, status: .pending,
                notBefore: now.tick, answer: "", changedAt: now.wall))
    }

    /// A person asks for it again.
    /// - Returns: false where it is under way or waits for its turn anyway, or where a newer state does.
    mutating func add(again delivery: DeliveryState) -> Bool {
        guard let lanes = sinks[delivery.sink] else { return false }
        // Ids of events are in the order of their times.
        if lanes.showsStates, lanes.streams[delivery.stream]?.contains(where: { $0.eventId > delivery.eventId }) == true
        {
            return false
        }
        guard let lane = lanes.streams[delivery.stream], lane.contains(where: { $0.eventId == delivery.eventId }) else {
            append(delivery)
            return true
        }
        guard lane.first?.eventId == delivery.eventId, !lanes.inFlight.contains(delivery.stream) else { return false }
        postpone(delivery)
        return true
    }

    private mutating func append(_ delivery: DeliveryState) {
        guard var lanes = sinks[delivery.sink] else { return }
        // Or every change would copy what it changes.
        sinks[delivery.sink] = nil
        var stream = lanes.streams[delivery.stream] ?? Fifo()
        lanes.streams[delivery.stream] = nil
        if lanes.showsStates {
            let old = stream.removeAll(after: lanes.inFlight.contains(delivery.stream) ? 1 : 0)
            superseded += old
            pendingCount -= old.count
        }
        let isFirst = stream.isEmpty
        stream.append(delivery)
        lanes.streams[delivery.stream] = stream
        sinks[delivery.sink] = lanes
        pendingCount += 1
        if isFirst { putToSleep(delivery) }
    }

    private mutating func putToSleep(_ first: DeliveryState) {
        order += 1
        sinks[first.sink]?.sleeping.insert(Sleeper(at: first.notBefore, order: order, stream: first.stream))
    }

    /// What need not be sent any more since the last call, to be stored as that.
    mutating func takeSuperseded(at now: Timestamp) -> [DeliveryState] {
        defer { superseded = [] }
        return superseded.map { old in
            var delivery = old
            delivery.status = .superseded
            delivery.changedAt = now
            return delivery
        }
    }

    /// The first of each lane that may be sent now.
    mutating func release(at now: Tick, isDisabled: (String) -> Bool) -> [DeliveryState] {
        var released: [DeliveryState] = []
        for sink in sinks.keys.sorted() where !isDisabled(sink) {
            sinks[sink]?.wake(at: now)
            while let count = sinks[sink]?.inFlight.count, count < DeliveryBook.maxInFlightPerSink,
                let stream = sinks[sink]?.ready.popFirst()
            {
                // A lane whose first delivery was given another time is in the list for the old one, too.
                guard let next = sinks[sink]?.streams[stream]?.first, next.notBefore <= now,
                    sinks[sink]?.inFlight.insert(stream).inserted == true
                else { continue }
                released.append(next)
            }
        }
        return released
    }

    /// The delivery that was in flight; it keeps its place until it is dropped or postponed.
    mutating func answered(eventId: String, sink: String) -> DeliveryState? {
        guard let lanes = sinks[sink],
            let stream = lanes.inFlight.first(where: { lanes.streams[$0]?.first?.eventId == eventId })
        else { return nil }
        sinks[sink]?.inFlight.remove(stream)
        return lanes.streams[stream]?.first
    }

    /// Whether a newer state waits behind it, so that it need not be tried again.
    func isOvertaken(_ delivery: DeliveryState) -> Bool {
        guard let lanes = sinks[delivery.sink], lanes.showsStates else { return false }
        return (lanes.streams[delivery.stream]?.count ?? 0) > 1
    }

    /// It arrived, was given up, or need not be sent any more: the next one of its lane comes to the front.
    mutating func drop(_ delivery: DeliveryState) {
        guard sinks[delivery.sink]?.streams[delivery.stream]?.popFirst() != nil else { return }
        pendingCount -= 1
        if let next = sinks[delivery.sink]?.streams[delivery.stream]?.first {
            putToSleep(next)
        } else {
            sinks[delivery.sink]?.streams[delivery.stream] = nil
        }
    }

    /// It keeps its place at the head of its lane: what comes after it waits.
    mutating func postpone(_ delivery: DeliveryState) {
        sinks[delivery.sink]?.streams[delivery.stream]?.replaceFirst(with: delivery)
        putToSleep(delivery)
    }

    /// When the next one is due that is not due yet; what is due waits for an answer or for its sink.
    func nextDue(at now: Tick) -> Tick? {
        sinks.values.compactMap(\.sleeping.first?.at).filter { $0 > now }.min()
    }

    func hasDue(at now: Tick, isDisabled: (String) -> Bool) -> Bool {
        sinks.contains { sink, lanes in
            !isDisabled(sink) && (!lanes.ready.isEmpty || lanes.sleeping.first.map { $0.at <= now } ?? false)
        }
    }

    var inFlightCount: Int { sinks.values.reduce(0) { $0 + $1.inFlight.count } }
}
