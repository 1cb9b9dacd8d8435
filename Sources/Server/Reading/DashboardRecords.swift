package import Dashboard
package import Domain

/// What the dashboard reads besides what the API reads.
package protocol DashboardRecords: StateRecords {
    /// Of all bots, newest first.
    func rollouts(page: PageRequest) async throws -> Page<Rollout>
    /// Lines of the trail about one rollout, oldest first.
    func records(ofRollout id: String, limit: Int) async throws -> [String]
    /// Newest first.
    func events(of bot: BotKey, limit: Int) async throws -> [Event]
    /// The last changed first.
    func deliveries(_ status: DeliveryState.Status, page: PageRequest) async throws -> Page<OutboxEntryInput>
    func deliveryCounts() async throws -> [DeliveryState.Status: Int]
    /// Noted records that the remote lacks.
    func notesDue() async throws -> Int
    /// What the last proof of the trail said; nil: none has ended yet.
    func trailHealth() async -> TrailHealth?
}
