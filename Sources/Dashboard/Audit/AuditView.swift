package import Domain

/// What the last proof of the trail said.
package struct TrailHealth: Hashable, Sendable {
    package struct Proved: Hashable, Sendable {
        package var place: String
        package var records: Int

        package init(place: String, records: Int) {
            self.place = place
            self.records = records
        }
    }

    package var provedAt: Timestamp
    package var proved: [Proved]
    /// Sentences; empty: the trail is whole.
    package var findings: [String]
    /// Why the proof could not be made; nil: it was.
    package var failure: String?

    package init(provedAt: Timestamp, proved: [Proved], findings: [String], failure: String? = nil) {
        self.provedAt = provedAt
        self.proved = proved
        self.findings = findings
        self.failure = failure
    }
}

/// The audit chain's health and its newest records.
package struct AuditView: Sendable {
    struct Place: Sendable {
        var name: String
        var records: String
    }

    package struct Input: Sendable {
        /// nil: no proof has ended yet in this process.
        package var health: TrailHealth?
        package var chain: String
        package var notesDue: Int
        package var notesFailure: String?
        /// Newest first.
        package var records: [AuditLineView]
        package var next: String?
        package var isLater: Bool
        /// The name that the list is limited to; "": all.
        package var bot: String
        /// No bot is called that.
        package var isUnknownBot: Bool

        package init(
            health: TrailHealth?, chain: String, notesDue: Int, notesFailure: String?, records: [AuditLineView],
            next: String?, isLater: Bool, bot: String, isUnknownBot: Bool
        ) {
            self.health = health
            self.chain = chain
            self.notesDue = notesDue
            self.notesFailure = notesFailure
            self.records = records
            self.next = next
            self.isLater = isLater
            self.bot = bot
            self.isUnknownBot = isUnknownBot
        }
    }

    var face: Face
    var headline: String
    var sentence: String
    var proved: [Moment]
    var places: [Place]
    var findings: [String]
    var hasFindings: Bool
    var chain: String
    var notes: String
    var bot: String
    var rows: [RecordRow]
    var hasRows: Bool
    var emptyText: String
    var isLater: Bool
    var following: [String]

    package init(_ input: Input) {
        let health = input.health
        (face, headline, sentence) = Self.verdict(health)
        proved = health.map { [Moment($0.provedAt)] } ?? []
        places = (health?.proved ?? []).map { Place(name: $0.place, records: Words.grouped($0.records)) }
        findings = (health?.findings ?? []).map { Words.clean($0) }
        hasFindings = !findings.isEmpty
        chain = Words.clean(input.chain)
        notes =
            input.notesFailure.map { "Notes could not be pushed: \(Words.clean($0))" }
            ?? (input.notesDue == 0
                ? "All notes are pushed." : "\(Words.count(input.notesDue, "note")) still to be pushed.")
        let name = Words.clean(input.bot)
        bot = name
        rows = input.records.map { RecordRow($0) }
        hasRows = !rows.isEmpty
        emptyText = input.isUnknownBot ? "No bot is called that." : "No record was written yet."
        isLater = input.isLater
        following = input.next.map { [Link.page(Link.audit, [("bot", name), ("after", $0)])] } ?? []
    }

    private static func verdict(_ health: TrailHealth?) -> (Face, String, String) {
        guard let health else {
            return (
                Face("Not proved yet", .calm), "The audit trail is not proved yet.",
                "The first proof since the start has not ended."
            )
        }
        if let failure = health.failure {
            return (
                Face("Not proved", .warn), "The audit trail could not be proved.",
                "The trail could not be read: \(Words.clean(failure))"
            )
        }
        guard health.findings.isEmpty else {
            return (
                Face("Broken", .fail), "The audit trail is broken.",
                "The trail does not verify: \(Words.count(health.findings.count, "finding")). Nothing is repaired silently."
            )
        }
        return (
            Face("Whole", .good), "The audit trail is whole.",
            "Every record follows from the one before it; none was cut, changed or added."
        )
    }
}
