/// The facts of a trail as far as the figures of its last days need them, so that asking for figures again and again reads only
/// the records that are new. What is older than `kept` is folded: of each bot stay the commit that it got last and the failure
/// that it is still in. So memory grows with the bots and with ninety days of deployments, never with the trail.
package struct DeliveryHistory: Sendable {
    /// Figures of a longer period are not to be had from it.
    package static let kept = Span.days(90)

    private struct Remainder {
        var delivered: DeliveryFact?
        var outage: DeliveryFact?
    }

    /// The index of the last record that was taken; 0: none.
    package private(set) var position: Int64 = 0
    /// In the order of the chain.
    private var recent: [DeliveryFact] = []
    private var older: [BotKey: Remainder] = [:]

    package init() {}

    /// Facts that are kept one by one.
    package var count: Int { recent.count }

    /// - Parameter index: of the last record that was looked at for them.
    package mutating func take(_ facts: [DeliveryFact], through index: Int64) {
        recent += facts
        position = max(position, index)
    }

    /// Folds what no period up to `now` counts any more.
    package mutating func fold(at now: Timestamp) {
        let limit = now.advanced(by: Span(milliseconds: -Self.kept.milliseconds))
        // Only from the front: the order stays that of the chain, whatever a clock did.
        let old = recent.prefix { $0.at < limit }
        for fact in old { fold(fact) }
        recent.removeFirst(old.count)
    }

    private mutating func fold(_ fact: DeliveryFact) {
        var remainder = older[fact.bot] ?? Remainder()
        var restores = true
        if case .ended(let ending) = fact.what {
            restores = ending.outcome == .succeeded
            if ending.isDeployment, restores, ending.commit != nil { remainder.delivered = fact }
            if ending.isFailure, remainder.outage == nil { remainder.outage = fact }
        }
        if restores, let outage = remainder.outage, fact.at >= outage.at { remainder.outage = nil }
        older[fact.bot] = remainder
    }

    /// - Parameters:
    ///   - period: begins no earlier than `kept` before the last fold.
    ///   - inSync: the bots that are in sync now, since when.
    package func report(
        over period: DeliveryPeriod, by grouping: DeliveryReport.Grouping, inSync: [DeliveryFact]
    ) -> DeliveryReport {
        var report = DeliveryReport(over: period, by: grouping)
        for remainder in older.values {
            if let delivered = remainder.delivered { report.take(delivered) }
            if let outage = remainder.outage { report.take(outage) }
        }
        for fact in recent { report.take(fact) }
        for fact in inSync { report.take(fact) }
        return report
    }
}
