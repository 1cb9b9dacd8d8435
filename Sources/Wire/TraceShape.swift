package import Domain

/// `trace NAME -o json`: from the commit to the deployed version.
package struct TraceShape: Codable, Hashable, Sendable {
    package struct Delivery: Codable, Hashable, Sendable {
        package var sink: String
        package var status: String
        package var attempts: Int
        package var answer: String

        package init(_ state: DeliveryState) {
            sink = state.sink
            status = state.status.rawValue
            attempts = state.attempts
            answer = state.answer
        }
    }

    package struct TracedEvent: Codable, Hashable, Sendable {
        package var id: String
        package var type: String
        package var time: String
        package var severity: String
        package var message: String
        package var deliveries: [Delivery]

        package init(_ event: Event, deliveries: [DeliveryState]) {
            id = event.id
            type = event.type
            time = event.time.iso8601
            severity = event.severity.rawValue
            message = event.message
            self.deliveries = deliveries.map { Delivery($0) }
        }
    }

    /// What the platform said last.
    package struct Observed: Codable, Hashable, Sendable {
        @OrNull package var version: String?
        package var at: String?
        package var by: String?

        package init(_ observation: Observation) {
            version = observation.version
            at = observation.at?.iso8601
            by = observation.by
        }
    }

    package struct Notes: Codable, Hashable, Sendable {
        package var ref: String
        /// The line with which a clone fetches them.
        package var fetch: String

        package init(ref: String, fetch: String) {
            self.ref = ref
            self.fetch = fetch
        }
    }

    package var bot: BotStatusShape
    /// Left out where nobody looked yet.
    package var observed: Observed?
    @OrNull package var commit: CommitShape?
    /// The newest of this bot.
    @OrNull package var rollout: RolloutShape?
    package var events: [TracedEvent]
    package var notes: Notes

    package init(
        bot: BotRecord, rollout: Rollout?, events: [(event: Event, deliveries: [DeliveryState])], notes: Notes
    ) {
        self.bot = BotStatusShape(bot)
        observed = bot.observed.map { Observed($0) }
        commit = (bot.pending?.declaration ?? bot.declared).map { CommitShape($0.provenance) }
        self.rollout = rollout.map { RolloutShape($0) }
        self.events = events.map { TracedEvent($0.event, deliveries: $0.deliveries) }
        self.notes = notes
    }
}
