import Domain
import Store

/// Delivery figures for pages that are looked at again and again: each look reads the records that are new since the last one.
actor DeliveryWatch {
    private let reader: StateReader
    private var history = DeliveryHistory()
    private var reading: Task<Void, any Error>?

    init(reader: StateReader) { self.reader = reader }

    /// - Parameter period: of at most `DeliveryHistory.kept`, until now.
    func report(over period: DeliveryPeriod, by grouping: DeliveryReport.Grouping) async throws -> DeliveryReport {
        try await catchUp(period.until)
        return history.report(over: period, by: grouping, inSync: try await reader.inSyncFacts())
    }

    /// Who comes while it is read waits for the same reading.
    private func catchUp(_ now: Timestamp) async throws {
        if let reading { return try await reading.value }
        let task = Task { try await read(now) }
        reading = task
        defer { reading = nil }
        try await task.value
    }

    private func read(_ now: Timestamp) async throws {
        while true {
            let page = try await reader.deliveryFacts(after: history.position)
            guard let last = page.last else { break }
            history.take(page.facts, through: last)
            history.fold(at: now)
        }
        history.fold(at: now)
    }
}
