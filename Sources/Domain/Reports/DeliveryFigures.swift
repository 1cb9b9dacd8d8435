/// The four figures of delivery (deployment frequency, lead time, change failure rate, time to restore) of some bots over a
/// period. Where there was nothing to measure a figure is nil: "no data", which is neither zero nor fine.
package struct DeliveryFigures: Hashable, Sendable {
    /// Deployments that ended in the period with the desired version verified and serving.
    package var succeeded = 0
    /// Deployments that ended in the period otherwise: see `DeliveryFact.Ending.isFailure`.
    package var failed = 0
    /// Those of `succeeded` that brought an older version.
    package var rollbacks = 0
    /// From a commit's own time to the first success of a rollout that brought it to a bot, one for each bot that it moved.
    package var leadTimes = DurationTally()
    /// From the first failure's record until the bot was as git wants it, for those restored in the period.
    package var restores = DurationTally()
    /// Bots that failed, in the period or before, and were not restored at its end.
    package var unrestored = 0

    package init() {}

    package var deployments: Int { succeeded + failed }

    /// Of all deployments, 0 to 1.
    package var failureRate: Double? { deployments == 0 ? nil : Double(failed) / Double(deployments) }

    /// Deployments that succeeded, for each day of the period.
    package func perDay(over period: DeliveryPeriod) -> Double? {
        guard deployments > 0, period.length > .zero else { return nil }
        return Double(succeeded) * Double(Timestamp.millisecondsPerDay) / Double(period.length.milliseconds)
    }
}

/// From `since`, included, to `until`, included.
package struct DeliveryPeriod: Hashable, Sendable {
    package var since: Timestamp
    package var until: Timestamp

    package init(since: Timestamp, until: Timestamp) {
        self.since = since
        self.until = until
    }

    package var length: Span {
        let (length, overflow) = until.milliseconds.subtractingReportingOverflow(since.milliseconds)
        return Span(milliseconds: overflow ? .max : length)
    }

    package func contains(_ time: Timestamp) -> Bool { since <= time && time <= until }
}
