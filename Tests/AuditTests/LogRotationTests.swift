import Domain
import Foundation
import Testing

@testable import Audit

@Suite("The log in several files") struct LogRotationTests {
    /// Six records or so.
    static let small = AuditSettings.Rotation(size: ByteSize(bytes: 2000), every: nil)

    let trail: Trail
    let folder: TemporaryFolder

    init() throws {
        trail = try Trail.shared.get()
        folder = try TemporaryFolder()
    }

    private var path: String { folder.file("audit.jsonl") }

    private func prefix(_ count: Int) -> MemoryJournal { MemoryJournal(Array(trail.lines.prefix(count))) }

    private func extend(_ journal: MemoryJournal, to count: Int) {
        journal.change { $0.lines = Array(trail.lines.prefix(count)) }
    }

    private func log(_ journal: MemoryJournal, _ rotation: AuditSettings.Rotation = small) -> AuditLog {
        AuditLog(path: path, journal: journal, rotation: rotation)
    }

    /// Closed files in their order, then the present one.
    private var names: [String] { LogFiles.closed(of: path).map { LogFiles.name(of: $0.path) } + ["audit.jsonl"] }

    private func whole() throws -> String { try names.map { try folder.read($0) }.joined() }

    private func written() async throws -> MemoryJournal {
        let journal = trail.journal
        journal.change { $0.logged = 0 }
        try await log(journal).start()
        return journal
    }

    private func verdict(_ journal: MemoryJournal? = nil) throws -> AuditVerdict {
        try AuditVerifier(journal: journal ?? trail.journal, logPath: path, notes: []).verifyNow()
    }

    @Test(arguments: [1, 7, 60]) func noFileGrowsBeyondItsSizeAndTheChainGoesOn(_ step: Int) async throws {
        let journal = prefix(0)
        let log = log(journal)
        try await log.start()
        for count in stride(from: step, through: 60, by: step) {
            extend(journal, to: count)
            #expect(try await log.catchUp() == Int64(count))
        }
        extend(journal, to: 60)
        try await log.catchUp()
        #expect(try whole() == text(trail.log))
        let names = self.names
        #expect(names.count > 8)
        for name in names {
            let content = try folder.read(name)
            #expect(content.utf8.count <= 2000 && !content.isEmpty)
            let first = try #require(AuditLineKind(Array(content.split(separator: "\n")[0].utf8)).record)
            if name != "audit.jsonl" { #expect(name == "audit-\(first.chain.index).jsonl") }
        }
        #expect(try verdict(journal).isWhole)
        #expect(try verdict(journal).proved[.log] == 60)
    }

    @Test func aFileIsClosedByItsAge() async throws {
        // The records are a millisecond apart.
        let journal = prefix(60)
        let log = log(journal, AuditSettings.Rotation(size: nil, every: Span(milliseconds: 25)))
        try await log.start()
        #expect(names == ["audit-1.jsonl", "audit-26.jsonl", "audit.jsonl"])
        #expect(try folder.read("audit.jsonl") == text(Array(trail.log.suffix(10))))
        #expect(try whole() == text(trail.log))
    }

    @Test func withoutALimitThereIsOneFile() async throws {
        let log = log(prefix(60), AuditSettings.Rotation(size: nil, every: nil))
        try await log.start()
        #expect(names == ["audit.jsonl"])
    }

    /// Stops after each step of a rotation, and anywhere within the first record after it; then starts again.
    @Test(arguments: 0...LogClosing.Step.allCases.count) func aCrashAtAnyStepLosesAndRepeatsNothing(_ steps: Int)
        async throws
    {
        let next = trail.log[6]
        let torn = steps == LogClosing.Step.allCases.count ? [0, 1, next.utf8.count - 1, next.utf8.count] : [0]
        for cut in torn {
            for name in names where name != "audit.jsonl" {
                try FileManager.default.removeItem(atPath: folder.file(name))
            }
            _ = try folder.write(text(Array(trail.log.prefix(6))), to: "audit.jsonl")
            let closing = LogClosing(path: path, first: 1, chain: "chain-1")
            for step in LogClosing.Step.allCases.prefix(steps) { try closing.perform(step) }
            if cut > 0 {
                _ = try folder.write(String(decoding: next.utf8.prefix(cut), as: UTF8.self), to: "audit.jsonl")
            }
            let journal = trail.fresh(logged: 6)
            #expect(try verdict(journal).isWhole || cut > 0)
            let opening = try await log(journal).start()
            #expect(opening.standing == .whole && opening.completed == 7...60)
            #expect((opening.torn != nil) == (cut > 0))
            #expect(try whole() == text(trail.log))
            #expect(try verdict(journal).isWhole)
        }
    }

    @Test func aStartFindsItsEndInWhicheverFileItStands() async throws {
        for count in 1...60 {
            let journal = prefix(count)
            let opening = try await log(journal).start()
            #expect(opening.standing == .whole)
            #expect(opening.completed == Int64(count)...Int64(count))
        }
        #expect(try whole() == text(trail.log))
    }

    @Test func aLogThatCannotBeClosedIsAppendedToAllTheSame() async throws {
        for name in [
            LogFiles.closedPath(of: path, first: 1), LogFiles.closedPath(of: path, first: 1, chain: "chain-1"),
        ] {
            _ = try folder.write("mine", to: LogFiles.name(of: name))
        }
        let log = log(prefix(60))
        try await log.start()
        #expect(await log.rotationFailure?.message.contains("is there already") == true)
        #expect(try folder.read("audit.jsonl") == text(trail.log))
    }

    @Test func theFilesOfAnotherChainStayAndAreNoneOfOurs() async throws {
        let other = try Trail(chain: "chain-2", count: 30)
        let lost = MemoryJournal(other.lines, chain: "chain-2")
        try await AuditLog(path: path, journal: lost, rotation: Self.small).start()
        let before = names
        let journal = trail.journal
        journal.change { $0.logged = 0 }
        try await log(journal).start()
        #expect(Set(names).isSuperset(of: before))
        #expect(names.contains { $0.hasPrefix("audit-1.") && $0 != "audit-1.jsonl" })
        let verdict = try verdict()
        #expect(verdict.isWhole && verdict.proved[.log] == 60)
        #expect(verdict.otherChains.map(\.records) == [30] && verdict.otherChains.first?.findings == [])
    }

    // MARK: What was tampered with

    @Test func aFileThatWasMovedAwayIsNamedWithItsRecords() async throws {
        _ = try await written()
        let closed = LogFiles.closed(of: path)
        for (position, file) in closed.enumerated() {
            let content = try folder.read(LogFiles.name(of: file.path))
            try FileManager.default.removeItem(atPath: file.path)
            let next = position + 1 < closed.count ? closed[position + 1].first : nil
            let findings = try verdict().findings
            #expect(findings.map(\.kind) == [.missingFile] && findings.first?.first == file.first)
            if let next { #expect(findings.first?.last == next - 1) }
            #expect(findings.first?.file == LogFiles.name(of: file.path))
            #expect("\(findings[0])".contains("missing: audit-\(file.first).jsonl was moved away"))
            _ = try folder.write(content, to: LogFiles.name(of: file.path))
        }
        let present = try folder.read("audit.jsonl")
        try FileManager.default.removeItem(atPath: path)
        let finding = try #require(try verdict().findings.first)
        #expect(finding.kind == .missingFile && finding.file == "audit.jsonl" && finding.last == 60)
        // It is made again from the journal, as far as it is missing.
        try await log(trail.journal).start()
        #expect(try folder.read("audit.jsonl") == present)
        #expect(try verdict().isWhole)
    }

    @Test(arguments: 0..<60) func aRecordThatWasChangedOrCutIsNamedWithItsFileAndLine(_ position: Int) async throws {
        _ = try await written()
        let line = trail.log[position]
        let name = try #require(names.first { try folder.read($0).contains(line) })
        let content = try folder.read(name)
        let lines = content.split(separator: "\n").map(String.init)
        let place = try #require(lines.firstIndex(of: line))
        _ = try folder.write(content.replacing(line, with: try edited(line)), to: name)
        let changed = try #require(try verdict().findings.first)
        #expect(First(try verdict()) == First(.log, .changed, position + 1))
        #expect(changed.file == name && changed.line == place + 1)
        _ = try folder.write(content.replacing(line + "\n", with: ""), to: name)
        let cut = try #require(try verdict().findings.first)
        #expect(cut.first == position + 1 && cut.last == position + 1)
        #expect(cut.kind == .cut || cut.kind == .missingFile)
        #expect(place == 0 || place == lines.count - 1 || cut.file == name)
        _ = try folder.write(content, to: name)
    }

    @Test func aClosedFileEndsWithAWholeLine() async throws {
        _ = try await written()
        let name = try #require(names.first)
        let content = try folder.read(name)
        _ = try folder.write(String(content.dropLast(10)), to: name)
        #expect(try verdict().findings.first?.kind == .changed)
        #expect(try verdict().findings.first?.file == name)
    }

    // MARK: As one trail

    @Test(arguments: [0, 1, 5, 6, 7, 30, 59]) func whatTheFilesLeadByIsTakenBack(_ known: Int) async throws {
        _ = try await written()
        let log = log(prefix(known))
        #expect(try await log.start().standing == .leads(first: Int64(known + 1), last: 60))
        #expect(try await log.leading(after: Int64(known)).map(\.line) == trail.log.dropFirst(known).map { $0 })
    }

    @Test func aRebuildSetsAllFilesAsideAndWritesTheTrailAgain() async throws {
        let journal = try await written()
        let edited = try #require(names.first)
        let content = try folder.read(edited)
        _ = try folder.write(content.replacing("step 1", with: "step 9"), to: edited)
        let before = names
        let plan = try TrailRebuild(journal: journal, logPath: path, notes: [])
        #expect(plan.writesLog && plan.disownedLogLines == 1)
        let replacement = try LogReplacement(of: path, aside: path + ".then", from: journal)
        #expect(replacement.closed == before.count - 1 && replacement.records == 60)
        let log = log(journal)
        await log.replace(with: replacement)
        try await log.catchUp()
        for name in before { #expect(FileManager.default.fileExists(atPath: folder.file(name + ".then"))) }
        #expect(try whole() == text(trail.log))
        #expect(try verdict(journal).isWhole)
        #expect(try TrailRebuild(journal: journal, logPath: path, notes: []).writesLog == false)
    }

    /// Beside a server: whatever is closed meanwhile, nothing looks missing.
    @Test func aProofBesideRotationsFindsNothing() async throws {
        let many = try Trail(count: 600)
        let journal = MemoryJournal()
        let log = log(journal)
        try await log.start()
        let path = path
        let proofs = Task.detached {
            var count = 0
            while !Task.isCancelled {
                let verdict = try AuditVerifier(journal: journal, logPath: path, notes: []).verifyNow()
                #expect(verdict.findings == [])
                count += 1
            }
            return count
        }
        for count in 1...600 {
            journal.change { $0.lines.append(many.lines[count - 1]) }
            try await log.catchUp()
        }
        proofs.cancel()
        #expect(try await proofs.value > 0)
        #expect(try verdict(journal).proved[.log] == 600)
    }

    @Test(arguments: [
        ("/a/audit.jsonl", "/a/audit-7.jsonl"), ("/audit.jsonl", "/audit-7.jsonl"), ("audit.jsonl", "audit-7.jsonl"),
        ("/a/log", "/a/log-7"), ("/a/.log", "/a/.log-7"), ("/a.b/x.y.z", "/a.b/x.y-7.z"),
    ])
    func namesOfClosedFiles(path: String, closed: String) {
        #expect(LogFiles.closedPath(of: path, first: 7) == closed)
    }

    @Test func filesOfOtherNamesAreNone() throws {
        let others = [
            "audit-.jsonl", "audit-0.jsonl", "audit-07.jsonl", "audit-7.jsonl.gz", "audit-7.bak.jsonl",
            "audit-7.jsonl.then",
            "audit-x.jsonl", "audits-7.jsonl", "audit-+7.jsonl", "audit--7.jsonl", "audit-7.0123abcd.x.jsonl",
        ]
        for name in others + ["audit-7.jsonl", "audit-9.0123abcd.jsonl"] { _ = try folder.write("", to: name) }
        #expect(
            LogFiles.closed(of: path).map { LogFiles.name(of: $0.path) } == ["audit-7.jsonl", "audit-9.0123abcd.jsonl"])
    }
}
