/// The git notes that tell each manifest commit's story (`product/reporting.md`, Audit). Lines of other writers are kept.
package protocol NotesLedger: Sendable {
    /// Adds lines to notes, all in one commit of the local notes ref, by compare-and-swap. Repeating it changes nothing:
    /// a line that a note holds already is passed over.
    func append(_ additions: [NoteAddition]) async -> Answered<Void>

    /// One try to bring the local notes to the remote, never forced. Where another writer was quicker, the remote's notes are
    /// fetched and merged line by line before `lost` is answered, so that the next try may succeed; when that is, the
    /// caller decides (at most `NoteLimits.maxPushTries`, with jitter).
    func push() async -> Answered<PushOutcome>

    /// Brings the remote's notes here and merges them into the local ones.
    func fetch() async -> Answered<Void>

    /// The lines of one commit's note, oldest first; empty where it has none.
    func read(_ commit: CommitID) async -> Answered<[String]>

    /// Every note, in the order of commit ids.
    func all() async -> Answered<[CommitNote]>
}

/// Lines for the note of one commit.
package struct NoteAddition: Hashable, Sendable {
    package var commit: CommitID
    package var lines: [NoteLine]

    package init(commit: CommitID, lines: [NoteLine]) {
        self.commit = commit
        self.lines = lines
    }
}

package struct NoteLine: Hashable, Sendable {
    /// Without its line break.
    package var text: String
    /// `chain.index` of the record, named by the `more` line where the note is full.
    package var record: Int64

    package init(text: String, record: Int64) {
        self.text = text
        self.record = record
    }
}

package struct CommitNote: Hashable, Sendable {
    package var commit: CommitID
    package var lines: [String]

    package init(commit: CommitID, lines: [String]) {
        self.commit = commit
        self.lines = lines
    }
}

package enum PushOutcome: Hashable, Sendable {
    /// The remote's notes are ours now.
    case pushed
    /// They were already.
    case upToDate
    /// Another writer was quicker; its lines are merged here.
    case lost
    /// The remote refuses to take notes: its own words.
    case refused(String)
}

package enum NoteLimits {
    /// A note that reaches this ends with one line `{"more":{"first":…,"last":…}}`.
    package static let maxNoteBytes = 65_536
    package static let maxPushTries = 10
}

/// The text of a note, as arithmetic over lines.
package struct NoteText: Hashable, Sendable {
    package private(set) var lines: [String]
    /// Records that the note leaves to the log.
    private var more: ClosedRange<Int64>?

    package init(lines: [String] = []) {
        self.lines = []
        for line in lines where !line.isEmpty {
            if let range = Self.range(ofMore: line) {
                include(range)
            } else {
                self.lines.append(line)
            }
        }
    }

    /// Everything, the `more` line last.
    package var allLines: [String] { lines + (more.map { [Self.moreLine($0)] } ?? []) }

    /// Adds what is not there yet; once a line does not fit, it and all that follow go to the `more` line.
    package mutating func add(_ additions: [NoteLine]) {
        let present = Set(lines)
        var bytes = lines.reduce(0) { $0 + $1.utf8.count + 1 }
        for line in additions where !present.contains(line.text) {
            if let more, more.contains(line.record) { continue }
            let fits = bytes + line.text.utf8.count + 1 + Self.reservedMoreBytes <= NoteLimits.maxNoteBytes
            if more == nil, fits {
                lines.append(line.text)
                bytes += line.text.utf8.count + 1
            } else {
                include(line.record...line.record)
            }
        }
    }

    private mutating func include(_ range: ClosedRange<Int64>) {
        guard let now = more else {
            more = range
            return
        }
        more = min(now.lowerBound, range.lowerBound)...max(now.upperBound, range.upperBound)
    }

    /// Room for the longest possible `more` line and its line break.
    package static let reservedMoreBytes = 72

    /// How the line begins that closes a note.
    package static let moreStart = "{\"more\":{"

    private static func moreLine(_ range: ClosedRange<Int64>) -> String {
        "\(moreStart)\"first\":\(range.lowerBound),\"last\":\(range.upperBound)}}"
    }

    private static func range(ofMore line: String) -> ClosedRange<Int64>? {
        guard line.hasPrefix("{\"more\":{\"first\":"), line.hasSuffix("}}") else { return nil }
        let numbers = line.dropFirst("{\"more\":{\"first\":".count).dropLast(2).split(separator: ",")
        guard numbers.count == 2, numbers[1].hasPrefix("\"last\":"), let first = Int64(numbers[0]),
            let last = Int64(numbers[1].dropFirst("\"last\":".count)), first <= last
        else { return nil }
        return first...last
    }
}
