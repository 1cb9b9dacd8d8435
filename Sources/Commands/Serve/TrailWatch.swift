import Audit
import Dashboard
import Domain
import Logging
import ServiceLifecycle
import Source
import Store
import Synchronization

/// Proves the trail at start and then hourly, beside everything else: journal, log and the notes of the local copy.
final class TrailWatch: Service {
    static let interval = Duration.seconds(3600)

    private let configuration: Configuration
    private let clock: any Clock
    private let logger: Logger
    private let last = Mutex<TrailHealth?>(nil)

    init(configuration: Configuration, clock: any Clock, logger: Logger) {
        self.configuration = configuration
        self.clock = clock
        self.logger = logger
    }

    /// nil: no proof has ended yet.
    var health: TrailHealth? { last.withLock { $0 } }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let health = await self.prove()
                self.last.withLock { $0 = health }
                do { try await Task.sleep(for: Self.interval) } catch { return }
            }
        }
    }

    private func prove() async -> TrailHealth {
        let verdict: AuditVerdict
        do {
            verdict = try await TrailProof.here(configuration)
        } catch {
            let failure = CommandFailure(classifying: error)
            logger.error("the audit trail could not be proved", metadata: ["cause": "\(failure.text)"])
            return TrailHealth(provedAt: clock.now().wall, proved: [], findings: [], failure: failure.text)
        }
        if let first = verdict.findings.first {
            logger.error("the audit trail does not verify", metadata: ["finding": "\(first)"])
        }
        let proved = AuditPlace.allCases.compactMap { place in
            verdict.proved[place].map { TrailHealth.Proved(place: place.rawValue, records: $0) }
        }
        let more = verdict.unlistedFindings > 0 ? ["and \(verdict.unlistedFindings) more"] : []
        return TrailHealth(
            provedAt: clock.now().wall, proved: proved, findings: verdict.findings.map(\.description) + more)
    }
}

extension TrailProof {
    /// Without asking the remote.
    static func here(_ configuration: Configuration) async throws -> AuditVerdict {
        let reader = try await StateReader.open(path: configuration.state)
        let copy = RepositoryProbe.copyPath(configuration)
        var notes: [AuditVerifier.Notes] = []
        if RepositoryProbe.exists(copy) {
            let local = CloneNotes(path: copy, ref: configuration.audit.notesRef, workerPath: Executable.path)
            notes.append(.init(place: .notes, texts: texts(try await local.all().get())))
        }
        return try await AuditVerifier(journal: reader, logPath: configuration.audit.file, notes: notes).verify()
    }
}
