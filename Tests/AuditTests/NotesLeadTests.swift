import Domain
import Testing

@testable import Audit

@Suite("Records that stand in the notes alone")
struct NotesLeadTests {
    private let trail: Trail

    init() throws { trail = try Trail.shared.get() }

    /// The journal as a backup has it, with the notes as they are.
    private func lead(journalTo count: Int, _ change: (inout [CommitID: [String]]) throws -> Void = { _ in }) throws
        -> NotesLead?
    {
        var lines = trail.notes
        try change(&lines)
        return try NotesLead(
            pages: NoteTexts(lines.mapValues { text($0) }), journal: MemoryJournal(Array(trail.lines.prefix(count))))
    }

    @Test func notesThatLeadNothing() throws {
        #expect(try lead(journalTo: 60) == nil)
        #expect(try lead(journalTo: 0) == nil, "a new state has a chain of its own")
    }

    @Test func whatContinuesWithoutAGapIsTakenBack() throws {
        let lead = try #require(try lead(journalTo: 59))
        #expect(lead.continuing.map(\.line) == [trail.lines[59].line] && lead.beyond.isEmpty)
        #expect(lead.continuing[0].index == 60)
        #expect(lead.takenBack?.notes == TakenBack.Notes(unplaced: nil))
    }

    @Test func whatLiesBeyondAGapIsOnlyTold() throws {
        let lead = try #require(try lead(journalTo: 55))
        #expect(lead.continuing.map(\.index) == [56] && lead.beyond.map(\.index) == [60])
        #expect(lead.takenBack?.notes?.unplaced == 60...60 && lead.takenBack?.last == 60)
        let wide = try #require(try self.lead(journalTo: 50))
        #expect(wide.continuing.isEmpty && wide.beyond.map(\.index) == [52, 56, 60])
    }

    @Test func aForgedLineLeadsNothing() throws {
        #expect(
            try lead(journalTo: 59) { lines in
                lines = lines.mapValues { $0.filter { $0 != self.trail.lines[59].line } }
                lines[Trail.commits[0]]?.append(try edited(self.trail.lines[59].line))
            } == nil)
        // One that is sealed anew, after another record than the journal's last, continues nothing.
        let other = try Trail(chain: "chain-1", count: 64)
        let resealed = try edited(other.lines[63].line, resealed: true)
        let lead = try #require(try lead(journalTo: 60) { $0[Trail.commits[0]]?.append(resealed) })
        #expect(lead.continuing.isEmpty && lead.beyond.map(\.index) == [64])
    }
}
