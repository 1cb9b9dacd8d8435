/// Events on their way to the sinks.
extension Engine {
    package var pendingDeliveries: Int { book.pendingCount }
    package var deliveriesInFlight: Int { book.inFlightCount }
    /// Whether some event waits for nothing but its turn.
    package var hasDueDelivery: Bool { book.hasDue(at: now.tick) { sinks[$0]?.disabled != nil } }

    /// Puts an event into the outbox of every sink that is to be told.
    mutating func send(_ event: Event, _ pass: Int?) {
        var entry = OutboxEntry(event: event, sinks: [], pass: pass)
        for sink in settings.sinks where EventFilter(sink).admits(event) {
            if sink.kind.showsStates, let status = CommitStatus(event) {
                if event.progress != nil, let place = event.bot?.key.environment,
                    tally?.isNews(status.state, of: status.commit, in: place, to: sink.name) == false
                {
                    continue
                }
                entry.lanes[sink.name] = status.lane
            }
            entry.sinks.append(sink.name)
            book.add(event, to: sink.name, lane: entry.lane(of: sink.name), at: now)
        }
        out.transaction.events.append(entry)
        out.transaction.deliveries += book.takeSuperseded(at: now.wall)
    }

    mutating func releaseDeliveries() {
        guard settings.purpose == .act else { return }
        let disabled = Set(sinks.values.filter { $0.disabled != nil }.map(\.name))
        for delivery in book.release(at: now.tick, isDisabled: disabled.contains) {
            out.effects.append(.deliver(eventId: delivery.eventId, sink: delivery.sink))
        }
    }

    mutating func delivered(_ eventId: String, to sink: String, _ answer: DeliveryAnswer) {
        guard var delivery = book.answered(eventId: eventId, sink: sink) else { return }
        delivery.changedAt = now.wall
        switch answer {
        case .delivered(let status): delivery.answer = "\(status)"
        case .gone(let text), .refused(_, let text), .failed(let text, _): delivery.answer = text
        }
        switch delivery.schedule.handle(answer, jitter: random.fraction()) {
        case .done:
            delivery.status = .delivered
            book.drop(delivery)
        case .retry where book.isOvertaken(delivery):
            delivery.status = .superseded
            book.drop(delivery)
        case .retry(let span):
            delivery.notBefore = now.tick + span
            book.postpone(delivery)
        case .disable:
            book.postpone(delivery)
            disable(sink, delivery.answer)
        case .dead:
            delivery.status = .dead
            book.drop(delivery)
            tellDead(delivery)
        }
        out.transaction.deliveries.append(delivery)
    }

    private mutating func disable(_ sink: String, _ answer: String) {
        guard sinks[sink]?.disabled == nil else { return }
        updateSink(sink) { $0.disabled = answer.isEmpty ? "410 Gone" : answer }
        emit(
            "sink.disabled", about: .sink(sink), .error, .failed, Engine.disabledMessage(sink))
    }

    static func disabledMessage(_ sink: String) -> String {
        "sink \(sink) answered 410; `ballast notifications enable \(sink)` sends to it again"
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
