import Domain
import Support
import Testing

@testable import Audit

@Suite("Signed records") struct SignatureTests {
    /// Made by `openssl genpkey -algorithm ed25519` and `openssl pkey -pubout`.
    static let privatePEM = """
        -----BEGIN PRIVATE KEY-----
        MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
        -----END PRIVATE KEY-----

        """
    static let publicPEM = """
        -----BEGIN PUBLIC KEY-----
        MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
        -----END PUBLIC KEY-----

        """
    static let count = 60

    /// Signed from the eleventh record on.
    private static let shared = Result {
        try makeTrail([(1...10, nil), (11...count, try AuditSigner(pem: privatePEM))])
    }

    let lines: [AuditLine]
    let folder: TemporaryFolder
    let keys: AuditKeys

    init() throws {
        lines = try Self.shared.get()
        folder = try TemporaryFolder()
        keys = AuditKeys(known: try AuditPublicKey.all(pem: Self.publicPEM), mustSign: true)
    }

    static func makeTrail(
        _ stretches: [(ClosedRange<Int>, AuditSigner?)], chain: String = "chain-1"
    ) throws -> [AuditLine] {
        var lines: [AuditLine] = []
        var head = ChainHead(id: chain)
        for (range, signer) in stretches {
            var writer = ChainWriter(head: head, signer: signer)
            for number in range {
                let draft = AuditDraft(
                    fields: ["type": .string("step"), "detail": .string("what was seen in step \(number)")],
                    at: Timestamp(milliseconds: Int64(number)), bot: nil, rolloutId: nil,
                    notedOn: number % 4 == 3 ? Trail.commits[number % 5] : nil, closesSteps: false)
                lines.append(try writer.append(draft))
            }
            head = writer.head
        }
        return lines
    }

    private func journal(_ lines: [AuditLine]) -> MemoryJournal {
        let journal = MemoryJournal(lines)
        journal.logged(through: Int64(lines.count))
        return journal
    }

    private func verify(_ lines: [AuditLine], keys: AuditKeys?) throws -> AuditVerdict {
        let path = try folder.write(text(lines.map(\.line)), to: "audit.jsonl")
        let noted = lines.filter { $0.notedOn != nil }
        let notes = Dictionary(grouping: noted) { $0.notedOn ?? CommitID("") }.mapValues { $0.map(\.line) }
        return try AuditVerifier(
            journal: journal(lines), logPath: path, notes: [AuditTests.notes(notes)], keys: keys
        ).verifyNow()
    }

    func record(_ line: AuditLine) throws -> AuditRecord {
        try #require(AuditLineKind(Array(line.line.utf8)).record)
    }

    @Test func theSignatureIsNoPartOfTheHash() throws {
        var plain = ChainWriter(head: ChainHead(id: "c1"))
        var signing = ChainWriter(head: ChainHead(id: "c1"), signer: try AuditSigner(pem: Self.privatePEM))
        // The second one has the marker of the hash's place twice, so that it is serialised.
        for detail in ["fine", "\"chain\":{\"hash\":\"", "{\"chain\":{\"hash\":\"\(SHA256Hex.zeros)\""] {
            let fields: [String: JSONValue] = [
                "detail": .string(detail), "x": .object(["chain": .object(["hash": .string("a")])]),
            ]
            let draft = AuditDraft(
                fields: fields, at: Timestamp(milliseconds: 1), bot: nil, rolloutId: nil, notedOn: nil,
                closesSteps: false)
            let one = try record(try plain.append(draft))
            let other = try record(try signing.append(draft))
            #expect(one.isGenuine && other.isGenuine && one.chain.hash == other.chain.hash)
            #expect(one.chain.signature == nil && other.chain.signature?.utf8.count == 88)
        }
    }

    @Test func theSignatureFitsItsLineToo() throws {
        var writer = ChainWriter(head: ChainHead(id: "c1"), signer: try AuditSigner(pem: Self.privatePEM))
        var sizes: Set<Bool> = []
        for size in Array(3500...3800) + [70_000] {
            let draft = AuditDraft(
                fields: ["t": .string(String(repeating: "x", count: size))], at: Timestamp(milliseconds: 1), bot: nil,
                rolloutId: nil, notedOn: nil, closesSteps: false)
            let line = try writer.append(draft)
            #expect(line.line.utf8.count <= ChainWriter.maxLineBytes)
            #expect(try record(line).isGenuine)
            sizes.insert(line.line.contains("sha256"))
        }
        #expect(sizes == [false, true])
    }

    @Test func aSignedTrailIsWholeAndSaysFromWhereOn() throws {
        let verdict = try verify(lines, keys: keys)
        #expect(verdict.findings.isEmpty && verdict.hasKeys)
        #expect(verdict.signatures?.first == 11 && verdict.signatures?.proved == 50)
        #expect(verdict.proved[.journal] == 60 && verdict.proved[.log] == 60)
        let unjudged = try verify(lines, keys: nil)
        #expect(unjudged.isWhole && !unjudged.hasKeys)
        #expect(unjudged.signatures?.unchecked == 50 && unjudged.signatures?.proved == 0)
    }

    @Test(arguments: 11...60) func oneSignatureThatIsWrongIsNamed(_ index: Int) throws {
        var bad = lines
        let other = try #require(try record(lines[index == 60 ? 58 : index]).chain.signature)
        bad[index - 1].line = try edited(bad[index - 1].line) { $0.sign(other) }
        #expect(First(try verify(bad, keys: keys)) == First(.journal, .badSignature, index))
        bad[index - 1].line = try edited(lines[index - 1].line) { $0.sign("no base64") }
        #expect(First(try verify(bad, keys: keys)) == First(.journal, .badSignature, index))
        #expect(try verify(bad, keys: nil).isWhole)
    }

    /// The first signed record can lose its signature unseen: from there on it is missed.
    @Test(arguments: 12...60) func oneSignatureThatWasStrippedIsNamed(_ index: Int) throws {
        var bad = lines
        bad[index - 1].line = try edited(bad[index - 1].line) { $0.sign(nil) }
        #expect(try record(bad[index - 1]).isGenuine)
        #expect(First(try verify(bad, keys: keys)) == First(.journal, .unsigned, index))
        var lenient = keys
        lenient.mustSign = false
        #expect(try verify(bad, keys: lenient).isWhole)
    }

    @Test func aTailSealedWithoutTheKeyIsOneFinding() throws {
        var forged = try Self.makeTrail([(1...40, nil)])
        forged = lines.prefix(40) + []
        var head = ChainHead(id: "chain-1")
        head.nextIndex = 41
        head.previous = try record(lines[39]).chain.hash
        var writer = ChainWriter(head: head)
        for number in 41...45 {
            forged.append(
                try writer.append(
                    AuditDraft(
                        fields: ["detail": .string("never \(number)")], at: Timestamp(milliseconds: 1), bot: nil,
                        rolloutId: nil, notedOn: nil, closesSteps: false)))
        }
        let verdict = try verify(forged, keys: keys)
        #expect(verdict.findings.map(\.first) == [41] && verdict.findings.map(\.last) == [45])
        #expect(
            verdict.findings.first.map { "\($0)" }
                == "journal: records 41 to 45 were stripped of the signature that records before have")
    }

    @Test func keysFollowEachOtherAndAFormerOneSignsNoMore() async throws {
        let second = try await OpenSSL.key(in: folder, "second")
        let old = try AuditSigner(pem: Self.privatePEM)
        let new = try AuditSigner(pem: second)
        let both = AuditKeys(known: [old.publicKey, new.publicKey], mustSign: true)
        let trail = try Self.makeTrail([(1...20, old), (21...40, new)])
        let verdict = try verify(trail, keys: both)
        #expect(verdict.isWhole && verdict.signatures?.first == 1 && verdict.signatures?.proved == 40)
        let newOnly = AuditKeys(known: [new.publicKey], mustSign: true)
        let unknown = try verify(trail, keys: newOnly)
        #expect(First(unknown) == First(.journal, .badSignature, 1) && unknown.findings.first?.last == 20)
        let leaked = try Self.makeTrail([(1...20, old), (21...30, new), (31...32, old)])
        #expect(First(try verify(leaked, keys: both)) == First(.journal, .formerKey, 31))
    }

    @Test func theNotesOfACloneAreJudgedByThePublicKeyAlone() throws {
        let noted = lines.filter { $0.notedOn != nil }
        func verify(_ lines: [AuditLine]) throws -> AuditVerdict {
            let notes = Dictionary(grouping: lines) { $0.notedOn ?? CommitID("") }.mapValues { $0.map(\.line) }
            return try AuditVerifier(journal: nil, logPath: nil, notes: [AuditTests.notes(notes)], keys: keys)
                .verifyNow()
        }
        let verdict = try verify(noted)
        #expect(verdict.isWhole && verdict.signatures?.first == 11 && verdict.signatures?.proved == 13)
        var bad = noted
        bad[9].line = try edited(bad[9].line) { $0.sign(nil) }
        #expect(First(try verify(bad)) == First(.notes, .unsigned, Int(bad[9].index)))
        bad[9].line = try edited(bad[9].line) { $0.sign("AAAA") }
        #expect(First(try verify(bad)) == First(.notes, .badSignature, Int(bad[9].index)))
    }

    /// Notes are read by commit, signatures judged in the order of the chain.
    @Test func theNotesOfACloneFollowAChangeOfKeys() async throws {
        let old = try AuditSigner(pem: Self.privatePEM)
        let new = try AuditSigner(pem: try await OpenSSL.key(in: folder, "second"))
        let both = AuditKeys(known: [old.publicKey, new.publicKey], mustSign: true)
        func verify(_ stretches: [(ClosedRange<Int>, AuditSigner?)], _ keys: AuditKeys) throws -> AuditVerdict {
            let noted = try Self.makeTrail(stretches).filter { $0.notedOn != nil }
            let notes = Dictionary(grouping: noted) { $0.notedOn ?? CommitID("") }.mapValues { $0.map(\.line) }
            return try AuditVerifier(journal: nil, logPath: nil, notes: [AuditTests.notes(notes)], keys: keys)
                .verifyNow()
        }
        let verdict = try verify([(1...20, old), (21...40, new)], both)
        #expect(verdict.isWhole && verdict.signatures?.first == 3 && verdict.signatures?.proved == 10)
        let leaked = try verify([(1...20, old), (21...30, new), (31...40, old)], both)
        #expect(leaked.findings.map(\.kind) == [.formerKey, .formerKey, .formerKey])
        #expect(leaked.findings.map(\.first) == [31, 35, 39])
        // One that is listed twice came into use again.
        let again = AuditKeys(known: [old.publicKey, new.publicKey, old.publicKey], mustSign: true)
        #expect(try verify([(1...20, old), (21...30, new), (31...40, old)], again).isWhole)
        let unknown = try verify([(1...20, old), (21...40, new)], AuditKeys(known: [new.publicKey], mustSign: true))
        #expect(unknown.findings.map(\.first) == [3, 7, 11, 15, 19])
        #expect(unknown.signatures?.proved == 5)
    }

    @Test func aSignedLineStandsWhereCanonicalJSONPutsIt() throws {
        for line in lines {
            let chain = try record(line).chain
            let link = try #require(ProvenLine(Array(line.line.utf8))?.link(line: 7))
            #expect(link.index == chain.index && link.hash == chain.hash && link.previous == chain.previous)
        }
    }

    @Test func aSignatureThatIsOtherThanTheJournalsIsAChange() throws {
        var bad = lines
        bad[30].line = try edited(bad[30].line) { $0.sign("AAAA") }
        let path = try folder.write(text(bad.map(\.line)), to: "audit.jsonl")
        let inLog = try AuditVerifier(journal: journal(lines), logPath: path, notes: [], keys: keys).verifyNow()
        #expect(inLog.findings.count == 1 && First(inLog) == First(.log, .changed, 31))
        let noted = bad.filter { $0.notedOn != nil }
        let notes = Dictionary(grouping: noted) { $0.notedOn ?? CommitID("") }.mapValues { $0.map(\.line) }
        let inNotes = try AuditVerifier(
            journal: journal(lines), logPath: nil, notes: [AuditTests.notes(notes)], keys: keys
        ).verifyNow()
        #expect(inNotes.findings.count == 1 && First(inNotes) == First(.notes, .changed, 31))
    }

    @Test func notesGiveSignedRecordsBackByteForByte() throws {
        let noted = lines.filter { $0.notedOn != nil }
        let texts = Dictionary(grouping: noted) { $0.notedOn ?? CommitID("") }.mapValues { text($0.map(\.line)) }
        let lead = try #require(
            try NotesLead(pages: NoteTexts(texts), journal: MemoryJournal(Array(lines.prefix(42)))))
        #expect(lead.continuing.map(\.line) == [lines[42].line])
    }

    @Test func aLogAloneIsJudgedToo() throws {
        var bad = lines.map(\.line)
        bad[30] = try edited(bad[30]) { $0.sign("AAAA") }
        let path = try folder.write(text(bad), to: "audit.jsonl")
        let verdict = try AuditVerifier(journal: nil, logPath: path, notes: [], keys: keys).verifyNow()
        #expect(
            verdict.findings.map { "\($0)" } == [
                "log: record 31 was signed by none of the known keys, or changed after it (line 31)"
            ])
    }

    @Test func noDescriptionShowsTheKey() throws {
        let signer = try AuditSigner(pem: Self.privatePEM)
        var dumped = "\(signer) \(String(reflecting: signer))"
        dump(ChainWriter(head: ChainHead(id: "c"), signer: signer), to: &dumped)
        #expect(!dumped.contains("MC4CAQ") && !dumped.contains("9d61") && dumped.contains("signing key"))
    }
}

extension [String: JSONValue] {
    /// Another signature, or none.
    mutating func sign(_ signature: String?) {
        guard case .object(var chain) = self["chain"] else { return }
        chain["signature"] = signature.map { .string($0) }
        self["chain"] = .object(chain)
    }
}

/// Keys as people make them.
enum OpenSSL {
    static func key(in folder: TemporaryFolder, _ name: String, algorithm: String = "ed25519") async throws -> String {
        try await checkProcess("openssl", ["genpkey", "-algorithm", algorithm, "-out", folder.file(name)])
        return try folder.read(name)
    }
}
