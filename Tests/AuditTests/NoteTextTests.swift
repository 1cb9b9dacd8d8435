import Domain
import Testing

@testable import Audit

@Suite struct NoteTextTests {
    let trail: Trail

    init() throws { trail = try Trail.shared.get() }

    private func line(_ index: Int64, bytes: Int) -> AuditLine {
        AuditLine(index: index, line: "{\"n\":\(index)" + String(repeating: " ", count: bytes - 10) + "}")
    }

    @Test func linesAreAddedInOrderAndOnce() {
        let noted = Array(trail.noted.prefix(4))
        let once = NoteText.adding(Array(noted.reversed()), to: nil)
        #expect(once == text(noted.map(\.line)))
        #expect(NoteText.adding(noted, to: once) == once)
        #expect(NoteText.adding([noted[3]], to: NoteText.adding(Array(noted.prefix(3)), to: nil)) == once)
    }

    @Test func linesOfOthersAreKept() {
        let note = NoteText.adding([trail.noted[0]], to: "Reviewed-by: a\n\nReviewed-by: a\nno line end")
        #expect(note == "Reviewed-by: a\n\nReviewed-by: a\nno line end\n\(trail.noted[0].line)\n")
    }

    @Test func aFullNoteEndsWithTheRecordsThatItLeavesToTheLog() {
        let lines = (1...40).map { line(Int64($0 * 10), bytes: 4096) }
        let note = NoteText.adding(lines, to: nil)
        let kept = NoteText.split(note)
        #expect(note.utf8.count <= NoteText.maxNoteBytes)
        #expect(kept.last == "{\"more\":{\"first\":160,\"last\":400}}")
        #expect(kept.dropLast() == lines.prefix(15).map(\.line)[...])
        #expect(NoteText.adding(lines, to: note) == note)
        let later = NoteText.adding([line(410, bytes: 20)], to: note)
        #expect(NoteText.split(later).last == "{\"more\":{\"first\":160,\"last\":410}}")
        #expect(NoteText.split(later).count == kept.count)
    }

    @Test func aThousandRecordsInManyStepsMakeTheSameNoteAsInOne() {
        let lines = (1...1000).map { line(Int64($0), bytes: 1500) }
        let whole = NoteText.adding(lines, to: nil)
        var steps: String?
        for start in stride(from: 0, to: lines.count, by: 7) {
            steps = NoteText.adding(Array(lines[start..<min(start + 7, lines.count)]), to: steps)
        }
        #expect(steps == whole)
        #expect(whole.utf8.count <= NoteText.maxNoteBytes)
    }

    @Test func mergingLosesNoLineAndRepeatsNone() {
        let lines = trail.noted.map(\.line)
        let ours = text(["people", lines[0], lines[2]])
        let theirs = text(["people", "others", lines[1], lines[2]])
        let merged = NoteText.merged(ours, theirs)
        #expect(merged == text(["people", lines[0], lines[1], "others", lines[2]]))
        #expect(NoteText.merged(merged, theirs) == merged)
        #expect(NoteText.merged(merged, ours) == merged)
    }

    @Test func linesThatStandSeveralTimesStayAsOftenAsTheyStood() {
        #expect(NoteText.merged("}\n\n}\n", "}\n") == "}\n\n}\n")
        #expect(NoteText.merged("}\n", "}\n\n}\n") == "}\n\n}\n")
    }

    @Test func endsOfFullNotesAreMerged() {
        let older = "a\n{\"more\":{\"first\":5,\"last\":9}}\n"
        let newer = "a\n{\"more\":{\"first\":5,\"last\":12}}\n"
        #expect(NoteText.merged(older, newer) == newer)
        #expect(NoteText.merged(newer, older) == newer)
        #expect(NoteText.merged("b\n", newer) == "b\na\n{\"more\":{\"first\":5,\"last\":12}}\n")
    }
}
