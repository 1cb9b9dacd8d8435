import Audit
import Dashboard
import Domain
import Server
import Store
import Synchronization

/// What only the dashboard reads.
struct DashboardStore: DashboardRecords {
    let reader: StateReader
    let trail: TrailBoard
    let figures: DeliveryWatch

    func lines(ofRollout id: String, limit: Int) async throws -> [String] {
        try await reader.records(ofRollout: id, limit: limit).map(\.line)
    }

    func deliveryCounts() async throws -> [DeliveryState.Status: Int] {
        var counts: [DeliveryState.Status: Int] = [:]
        for status in [DeliveryState.Status.pending, .delivered, .dead] {
            counts[status] = try await reader.countDeliveries(status)
        }
        return counts
    }

    func notesDue() async throws -> Int { try await reader.countNotesDue() }

    func trailHealth() async -> TrailHealth? { trail.health }

    func delivery(over period: DeliveryPeriod, by grouping: DeliveryReport.Grouping) async throws -> DeliveryReport {
        try await figures.report(over: period, by: grouping)
    }
}

/// Where the last proof of the audit trail hangs, to be looked at.
final class TrailBoard: Sendable {
    private let last = Mutex<TrailHealth?>(nil)

    /// nil: no proof has ended yet.
    var health: TrailHealth? { last.withLock { $0 } }

    func put(_ verdict: AuditVerdict, at time: Timestamp) {
        let proved = AuditPlace.allCases.compactMap { place in
            verdict.proved[place].map { TrailHealth.Proved(place: place.rawValue, records: $0) }
        }
        let more = verdict.unlistedFindings > 0 ? ["and \(verdict.unlistedFindings) more"] : []
        let findings = verdict.findings.map(\.description) + more
        last.withLock { $0 = TrailHealth(provedAt: time, proved: proved, findings: findings) }
    }

    func put(failure: String, at time: Timestamp) {
        last.withLock { $0 = TrailHealth(provedAt: time, proved: [], findings: [], failure: failure) }
    }
}
