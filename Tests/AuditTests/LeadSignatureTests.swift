import Domain
import Testing

@testable import Audit

/// Records that only the notes have, and those of other states.
extension SignatureTests {
    private func lead(_ trail: [AuditLine], to count: Int, _ keys: AuditKeys?) throws -> NotesLead? {
        let noted = trail.filter { $0.notedOn != nil }
        let notes = Dictionary(grouping: noted) { $0.notedOn ?? CommitID("") }.mapValues { text($0.map(\.line)) }
        return try NotesLead(pages: NoteTexts(notes), journal: MemoryJournal(Array(trail.prefix(count))), keys: keys)
    }

    @Test func onlyWhatIsSignedIsTakenBackFromNotes() throws {
        let signed = try #require(try lead(lines, to: 58, keys))
        #expect(signed.continuing.map(\.index) == [59] && signed.unsigned.isEmpty && signed.doubt == nil)
        var bad = lines
        for signature in [nil, "AAAA", try record(lines[50]).chain.signature] {
            bad[58].line = try edited(lines[58].line) { $0.sign(signature) }
            let lead = try #require(try lead(bad, to: 58, keys))
            #expect(lead.continuing.isEmpty && lead.beyond.isEmpty && lead.takenBack == nil)
            #expect(lead.unsigned == [59] && lead.doubt?.contains("record 59 beyond the state is not signed") == true)
            #expect(try self.lead(bad, to: 58, nil)?.continuing.map(\.index) == [59], "no key is known")
        }
    }

    @Test func aForgedRecordDoesNotTakeThePlaceOfTheSignedOne() throws {
        let forged = try edited(lines[58].line, resealed: true) { members in
            members["detail"] = .string("never")
            members.sign(nil)
        }
        let commit = try #require(lines[58].notedOn)
        for order in [[lines[58].line, forged], [forged, lines[58].line]] {
            let lead = try #require(
                try NotesLead(
                    pages: NoteTexts([commit: text(order)]), journal: MemoryJournal(Array(lines.prefix(58))),
                    keys: keys))
            #expect(lead.continuing.map(\.line) == [lines[58].line])
        }
    }

    @Test func withoutAKeyThatSignsWhatWasNeverSignedIsTakenBack() throws {
        let plain = try Self.makeTrail([(1...60, nil)])
        var former = keys
        former.mustSign = false
        #expect(try lead(plain, to: 58, former)?.continuing.map(\.index) == [59])
        #expect(try lead(plain, to: 58, keys)?.unsigned == [59])
    }

    @Test func signaturesOfAnotherChainAreJudgedBesideTheJournal() throws {
        let own = try Trail(count: 8)
        func verdict(_ lines: [AuditLine]) throws -> AuditVerdict {
            let noted = lines.filter { $0.notedOn != nil }
            var notes = Dictionary(grouping: noted) { $0.notedOn ?? CommitID("") }.mapValues { $0.map(\.line) }
            for line in own.noted { notes[line.notedOn ?? CommitID(""), default: []].append(line.line) }
            let journal = MemoryJournal(own.lines, chain: "chain-1")
            return try AuditVerifier(
                journal: journal, logPath: nil, notes: [AuditTests.notes(notes)], keys: keys
            ).verifyNow()
        }
        let others = try Self.makeTrail([(1...20, try AuditSigner(pem: Self.privatePEM))], chain: "chain-2")
        let whole = try verdict(others)
        #expect(whole.isWhole && whole.otherChains.map(\.findings) == [[]])
        var bad = others
        bad[18].line = try edited(bad[18].line) { $0.sign("AAAA") }
        let told = try verdict(bad)
        #expect(told.isWhole, "another chain is never our finding")
        #expect(told.otherChains.first?.findings.map(\.kind) == [.badSignature])
    }
}
