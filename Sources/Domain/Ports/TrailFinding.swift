/// What a start found at the end of the audit log, before anything else happens.
package enum TrailFinding: Hashable, Sendable {
    /// Bytes at the end were no record, which a crash leaves behind; they were taken away.
    case mended(bytes: Int64, sha256: String, after: Int64)
    /// The log cannot be written, or is not what the journal says; nothing was changed.
    case trouble(String)
    /// The notes have records beyond the journal that were not taken back: why.
    case doubtful(String)
    /// The journal was older than the log, because the state was restored from a backup; it has the log's records now.
    case takenBack(TakenBack)
    /// A person had log and notes written again from the journal.
    case rebuilt(TrailRebuilt)
}

/// What a rebuild of the trail did, for its record.
package struct TrailRebuilt: Hashable, Sendable {
    package struct SetAside: Hashable, Sendable {
        /// The file's name, without its folder.
        package var file: String
        package var bytes: Int64
        package var sha256: String

        package init(file: String, bytes: Int64, sha256: String) {
            self.file = file
            self.bytes = bytes
            self.sha256 = sha256
        }
    }

    /// In one record; more are spread over several, each within the limit of a line.
    package static let maxDisownedPerRecord = 32

    /// `Name <email>`.
    package var by: String
    /// nil: the log was as it should be.
    package var setAside: SetAside?
    /// Records that notes lacked.
    package var notesAdded: Int
    /// SHA-256 of each line that a verification passes over from now on.
    package var disowned: [String]

    package init(by: String, setAside: SetAside?, notesAdded: Int, disowned: [String]) {
        self.by = by
        self.setAside = setAside
        self.notesAdded = notesAdded
        self.disowned = disowned
    }
}

/// Records that a restored state lacked and took back from the log, or from the notes where the log was lost, too.
package struct TakenBack: Hashable, Codable, Sendable {
    /// They stood in the notes alone, which hold only noted records.
    package struct Notes: Hashable, Codable, Sendable {
        /// What could not be taken back for a gap: records that are nowhere any more lie before it.
        package var unplaced: ClosedRange<Int64>?

        package init(unplaced: ClosedRange<Int64>?) { self.unplaced = unplaced }
    }

    /// A rollout that only the trail knows and that had not ended there.
    package struct OpenRollout: Hashable, Codable, Sendable {
        package var id: String
        package var name: String
        package var key: BotKey
        package var target: String
        package var commit: CommitID

        package init(id: String, name: String, key: BotKey, target: String, commit: CommitID) {
            self.id = id
            self.name = name
            self.key = key
            self.target = target
            self.commit = commit
        }
    }

    package var first: Int64
    package var last: Int64
    package var open: [OpenRollout]
    /// Rollouts whose end stands in these records, by id.
    package var ended: [String: Outcome]
    /// nil: the log had them all.
    package var notes: Notes?

    package init(
        first: Int64, last: Int64, open: [OpenRollout], ended: [String: Outcome], notes: Notes? = nil
    ) {
        self.first = first
        self.last = last
        self.open = open
        self.ended = ended
        self.notes = notes
    }
}
