package import Domain

/// Everything outside of this process that the engine's effects reach.
package struct ReconcilerPorts: Sendable {
    package var source: any DesiredState
    package var notes: any NotesLedger
    package var platforms: [String: any Platform]
    package var sinks: [String: any Sink]
    package var journal: any Journal
    package var clock: any Clock

    package init(
        source: any DesiredState, notes: any NotesLedger, platforms: [String: any Platform], sinks: [String: any Sink],
        journal: any Journal, clock: any Clock
    ) {
        self.source = source
        self.notes = notes
        self.platforms = platforms
        self.sinks = sinks
        self.journal = journal
        self.clock = clock
    }
}

/// The store and the log file behind it.
package protocol Journal: Sendable {
    /// All of them in one commit on the disk, in order.
    func commit(_ transactions: [Transaction]) async throws
    func event(id: String) async throws -> Event?
    func notesDue() async throws -> [NoteDue]
    /// Brings the audit log file up to the journal. Returns what went wrong, for people; nil: it is whole.
    func appendLog() async -> String?
}
