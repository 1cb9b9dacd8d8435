package import Audit
package import Domain

extension SQLiteStore {
    /// Holds the log file against this state, completes or mends its end, and takes back what only the log still knows. A log
    /// that cannot be used never ends a run: what it lacks waits in the journal.
    /// - Returns: what was found, for the engine to hear before anything else.
    package func start(_ log: AuditLog) async throws -> [TrailFinding] {
        var findings: [TrailFinding] = []
        do {
            var opening = try await log.start()
            if case .leads(let first, _) = opening.standing {
                let lines = try await log.leading(after: first - 1)
                try await takeBack(lines)
                if let taken = TakenBack(lines) { findings.append(.takenBack(taken)) }
                opening = try await log.start()
            }
            if let torn = opening.torn {
                findings.append(.mended(bytes: torn.bytes, sha256: torn.sha256, after: torn.after))
            }
            // Says what every append will say.
            if case .broken = opening.standing { try await log.catchUp() }
        } catch let error as AuditError {
            findings.append(.trouble(error.message))
        }
        return findings
    }
}
