/// The outbox: at least once, one in flight for each sink and stream, in order; a sink that is down delays nobody else.
struct DeliveryBook: Sendable {
    /// In flight to one sink at a time, over all bots.
    static let maxInFlightPerSink = 8

    private struct Lane: Hashable {
        var sink: String
        var stream: String
    }

    private var lanes: [Lane: Fifo<DeliveryState>] = [:]
    private var due: [String: [Lane]] = [:]
    private var inFlight: [String: Set<Lane>] = [:]
    private(set) var pendingCount = 0

    init(sinks: [String]) {
        for sink in sinks {
            due[sink] = []
            inFlight[sink] = []
        }
    }

    mutating func restore(_ delivery: DeliveryState) {
        guard delivery.status == .pending, due[delivery.sink] != nil else { return }
        append(delivery)
    }

    mutating func add(_ event: Event, to sink: String, at now: Now) {
        append(
            DeliveryState(
                eventId: event.id, sink: sink, stream: event.stream, sequence: event.sequence, status: .pending,
                notBefore: now.tick, answer: "", changedAt: now.wall))
    }

    private mutating func append(_ delivery: DeliveryState) {
        let lane = Lane(sink: delivery.sink, stream: delivery.stream)
        if lanes[lane] == nil { due[delivery.sink]?.append(lane) }
        lanes[lane, default: Fifo()].append(delivery)
        pendingCount += 1
    }

    /// The first of each lane that may be sent now.
    mutating func release(at now: Tick, isDisabled: (String) -> Bool) -> [DeliveryState] {
        var released: [DeliveryState] = []
        for sink in due.keys.sorted() where !isDisabled(sink) {
            for lane in due[sink] ?? [] {
                guard inFlight[sink, default: []].count < DeliveryBook.maxInFlightPerSink else { break }
                guard inFlight[sink]?.contains(lane) == false, let next = lanes[lane]?.first, next.notBefore <= now
                else {
                    continue
                }
                inFlight[sink]?.insert(lane)
                released.append(next)
            }
        }
        return released
    }

    /// The delivery that was in flight; it leaves its lane unless it is put back by `postpone`.
    mutating func take(eventId: String, sink: String) -> DeliveryState? {
        guard let lane = inFlight[sink]?.first(where: { lanes[$0]?.first?.eventId == eventId }) else { return nil }
        inFlight[sink]?.remove(lane)
        guard var queue = lanes[lane], let delivery = queue.popFirst() else { return nil }
        pendingCount -= 1
        lanes[lane] = queue.isEmpty ? nil : queue
        if queue.isEmpty { due[sink]?.removeAll { $0 == lane } }
        return delivery
    }

    /// It keeps its place at the head of its lane: what comes after it waits.
    mutating func postpone(_ delivery: DeliveryState) {
        let lane = Lane(sink: delivery.sink, stream: delivery.stream)
        var queue = Fifo<DeliveryState>()
        queue.append(delivery)
        var rest = lanes[lane] ?? Fifo()
        while let next = rest.popFirst() { queue.append(next) }
        if lanes[lane] == nil { due[delivery.sink]?.append(lane) }
        lanes[lane] = queue
        pendingCount += 1
    }

    func nextDue(at now: Tick) -> Tick? {
        var next: Tick?
        for (sink, ready) in due {
            for lane in ready where inFlight[sink]?.contains(lane) == false {
                guard let at = lanes[lane]?.first?.notBefore, at > now else { continue }
                next = min(next ?? at, at)
            }
        }
        return next
    }

    func hasDue(at now: Tick, isDisabled: (String) -> Bool) -> Bool {
        due.contains { sink, lanes in
            !isDisabled(sink) && lanes.contains { (self.lanes[$0]?.first?.notBefore).map { $0 <= now } ?? false }
        }
    }

    var inFlightCount: Int { inFlight.values.reduce(0) { $0 + $1.count } }
}

extension Engine {
    package var pendingDeliveries: Int { book.pendingCount }
    package var deliveriesInFlight: Int { book.inFlightCount }
    /// Whether some event waits for nothing but its turn.
    package var hasDueDelivery: Bool { book.hasDue(at: now.tick) { sinks[$0]?.disabled != nil } }

    mutating func releaseDeliveries() {
        guard settings.purpose == .act else { return }
        let disabled = Set(sinks.values.filter { $0.disabled != nil }.map(\.name))
        for delivery in book.release(at: now.tick, isDisabled: disabled.contains) {
            out.effects.append(.deliver(eventId: delivery.eventId, sink: delivery.sink))
        }
    }

    mutating func delivered(_ eventId: String, to sink: String, _ answer: DeliveryAnswer) {
        guard var delivery = book.take(eventId: eventId, sink: sink) else { return }
        delivery.changedAt = now.wall
        switch answer {
        case .delivered(let status): delivery.answer = "\(status)"
        case .gone(let text), .refused(_, let text), .failed(let text, _): delivery.answer = text
        }
        switch delivery.schedule.handle(answer, jitter: random.fraction()) {
        case .done: delivery.status = .delivered
        case .retry(let span):
            delivery.notBefore = now.tick + span
            book.postpone(delivery)
        case .disable:
            book.postpone(delivery)
            disable(sink, delivery.answer)
        case .dead:
            delivery.status = .dead
            tellDead(delivery)
        }
        out.transaction.deliveries.append(delivery)
    }

    private mutating func disable(_ sink: String, _ answer: String) {
        guard sinks[sink]?.disabled == nil else { return }
        updateSink(sink) { $0.disabled = answer.isEmpty ? "410 Gone" : answer }
        emit(
            "sink.disabled", about: .sink(sink), .error, .failed,
            "sink \(sink) answered 410; `ballast notifications enable \(sink)` sends to it again")
    }

    /// A dead letter about a sink makes no further event, or a broken sink would talk about itself for ever.
    private mutating func tellDead(_ delivery: DeliveryState) {
        guard !delivery.stream.hasPrefix("sink/") else { return }
        emit(
            "sink.dead-letter", about: .sink(delivery.sink), .error, .failed,
            "sink \(delivery.sink) did not take an event of \(delivery.stream); `ballast notifications` lists it"
        ) { $0.reason = "event \(delivery.eventId): \(delivery.answer)" }
    }

    /// A changed configuration enables a sink again; a new sink is remembered.
    mutating func enableChangedSinks() {
        guard settings.purpose == .act else { return }
        for sink in settings.sinks {
            let digest = tools.sha256("\(sink)")
            guard let known = sinks[sink.name] else {
                changed.sinks[sink.name] = .some(nil)
                sinks[sink.name] = SinkRecord(name: sink.name, settingsDigest: digest, disabled: nil)
                continue
            }
            guard known.settingsDigest != digest else { continue }
            updateSink(sink.name) { $0.settingsDigest = digest }
            enable(sink.name)
        }
    }

    mutating func enable(_ sink: String) {
        guard sinks[sink]?.disabled != nil else { return }
        updateSink(sink) { $0.disabled = nil }
        emit("sink.enabled", about: .sink(sink), .info, .success, "sink \(sink) is sent to again")
    }
}
