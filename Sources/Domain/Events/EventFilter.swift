/// Which events a sink is told: type, labels of the bot, and severity must all fit.
package struct EventFilter: Hashable, Sendable {
    /// Globs over the type (`rollout.*`); empty means all.
    package var types: [String]
    /// Labels that the event's bot must bear; an event without a bot bears none.
    package var labels: [String: String]
    package var minSeverity: Severity
    /// `sink.*` events about this sink are not sent to it.
    package var sinkName: String?
    /// What the sink can do anything with; nil: whatever it is sent.
    package var kind: SinkSettings.Kind?

    package init(
        types: [String] = [], labels: [String: String] = [:], minSeverity: Severity = .info, sinkName: String? = nil,
        kind: SinkSettings.Kind? = nil
    ) {
        self.types = types
        self.labels = labels
        self.minSeverity = minSeverity
        self.sinkName = sinkName
        self.kind = kind
    }

    package init(_ settings: SinkSettings) {
        self.init(
            types: settings.events, labels: settings.labels, minSeverity: settings.minSeverity, sinkName: settings.name,
            kind: settings.kind)
    }

    package func admits(_ event: Event) -> Bool {
        if let sinkName, event.type.hasPrefix("sink."), event.stream == "sink/\(sinkName)" { return false }
        guard event.severity >= minSeverity || isClosing(event) else { return false }
        if let kind, !kind.takes(event) { return false }
        guard types.isEmpty || types.contains(where: { Glob.matches(id: $0, event.type) }) else {
            return false
        }
        let worn = event.bot?.labels ?? [:]
        return labels.allSatisfy { worn[$0.key] == $0.value }
    }

    /// An incident that was opened has to be closed, however little its end matters by itself.
    private func isClosing(_ event: Event) -> Bool { kind == .pagerduty && event.incident == .closes }
}
