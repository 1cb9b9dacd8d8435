package import Dashboard
package import Domain

/// What the dashboard reads besides what the API reads.
package protocol DashboardRecords: Sendable {
    /// Lines of the trail about one rollout, oldest first.
    func lines(ofRollout id: String, limit: Int) async throws -> [String]
    func deliveryCounts() async throws -> [DeliveryState.Status: Int]
    /// Noted records that the remote lacks.
    func notesDue() async throws -> Int
    /// What the last proof of the trail said; nil: none has ended yet.
    func trailHealth() async -> TrailHealth?
    /// - Parameter period: of at most `DeliveryHistory.kept`, until now.
    func delivery(over period: DeliveryPeriod, by grouping: DeliveryReport.Grouping) async throws -> DeliveryReport
}
