import Foundation
import Testing

@testable import Audit

@Suite struct AuditLogTests {
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

    @Test func linesFollowTheJournal() async throws {
        let journal = prefix(0)
        let log = AuditLog(path: path, journal: journal)
        #expect(try await log.start().isNew)
        #expect(try await log.catchUp() == 0)
        for count in [1, 2, 7, 60] {
            extend(journal, to: count)
            #expect(try await log.catchUp() == Int64(count))
            #expect(try folder.read("audit.jsonl") == text(Array(trail.log.prefix(count))))
            #expect(journal.loggedThrough() == Int64(count))
        }
    }

    /// A crash after the commit and anywhere within the write: nothing is repeated, nothing is missing.
    @Test(arguments: [0, 1, 30, 59]) func theUnwrittenEndIsCompletedWhereverItTears(_ whole: Int) async throws {
        let next = trail.log[whole].utf8
        for cut in [0, 1, next.count / 2, next.count - 1, next.count] {
            let torn = String(decoding: next.prefix(cut), as: UTF8.self)
            _ = try folder.write(text(Array(trail.log.prefix(whole))) + torn, to: "audit.jsonl")
            let opening = try await AuditLog(path: path, journal: trail.fresh(logged: whole)).start()
            #expect(try folder.read("audit.jsonl") == text(trail.log))
            #expect(opening.standing == .whole && opening.completed == Int64(whole + 1)...60)
            #expect(opening.torn?.bytes == (cut == 0 ? nil : Int64(cut)))
            if cut > 0 { #expect(opening.torn?.sha256 == SHA256Hex.of(next.prefix(cut))) }
        }
    }

    /// A block that never reached the disk reads as zeros, with a line end after it.
    @Test func zerosAtTheEndAreTorn() async throws {
        _ = try folder.write(
            text(Array(trail.log.prefix(20))) + String(repeating: "\0", count: 300) + "\nrest", to: "audit.jsonl")
        let opening = try await AuditLog(path: path, journal: trail.fresh(logged: 20)).start()
        #expect(opening.torn?.bytes == 305 && opening.torn?.after == 20)
        #expect(try folder.read("audit.jsonl") == text(trail.log))
    }

    @Test func aLogThatLeadsIsToldAndLeftAlone() async throws {
        _ = try folder.write(text(trail.log), to: "audit.jsonl")
        let log = AuditLog(path: path, journal: prefix(40))
        #expect(try await log.start().standing == .leads(first: 41, last: 60))
        await #expect { try await log.catchUp() } throws: { ($0 as? AuditError)?.code == .logLeads }
        #expect(try folder.read("audit.jsonl") == text(trail.log))
        let fresh = try await AuditLog(path: path, journal: prefix(0)).start()
        #expect(fresh.standing == .leads(first: 1, last: 60))
    }

    @Test func whatALogLeadsByIsReadInOrder() async throws {
        _ = try folder.write(text(trail.log), to: "audit.jsonl")
        for known in [0, 1, 40, 59] {
            let lines = try await AuditLog(path: path, journal: prefix(known)).leading(after: Int64(known))
            #expect(lines.map(\.line) == trail.lines.dropFirst(known).map(\.line))
            #expect(lines.map(\.index) == trail.lines.dropFirst(known).map(\.index))
        }
    }

    @Test func aGapInWhatLeadsIsNotTakenBack() async throws {
        var lines = trail.log
        lines.remove(at: 50)
        _ = try folder.write(text(lines), to: "audit.jsonl")
        let log = AuditLog(path: path, journal: prefix(40))
        await #expect { try await log.leading(after: 40) } throws: { ($0 as? AuditError)?.code == .logBroken }
    }

    @Test func aLogThatLeadsButDoesNotContinueTheChainIsBroken() async throws {
        var lines = trail.log
        lines[39] = try edited(lines[39], resealed: true)
        _ = try folder.write(text(lines), to: "audit.jsonl")
        guard case .broken(40, _) = try await AuditLog(path: path, journal: prefix(40)).start().standing else {
            Issue.record("a fork was taken for a continuation")
            return
        }
    }

    @Test func anEditedOrShortenedEndIsBrokenAndLeftAlone() async throws {
        var lines = trail.log
        lines[59] = try edited(lines[59])
        let cases = [lines, Array(trail.log.prefix(50)), ["{\"no\":\"record\"}"]]
        for (lines, first) in zip(cases, [Int64(60), 51, 1]) {
            _ = try folder.write(text(lines), to: "audit.jsonl")
            let log = AuditLog(path: path, journal: trail.journal)
            guard case .broken(first, _) = try await log.start().standing else {
                Issue.record("not seen at \(first)")
                continue
            }
            await #expect { try await log.catchUp() } throws: { ($0 as? AuditError)?.code == .logBroken }
            #expect(try folder.read("audit.jsonl") == text(lines))
        }
    }

    @Test func recordsOfAnotherChainStay() async throws {
        let other = try Trail(chain: "chain-2", count: 300)
        _ = try folder.write(text(other.log), to: "audit.jsonl")
        let opening = try await AuditLog(path: path, journal: prefix(60)).start()
        #expect(opening.standing == .whole && opening.otherChains == ["chain-2"])
        #expect(try folder.read("audit.jsonl") == text(other.log + trail.log))
    }

    @Test func aFileThatVanishesIsMadeAgain() async throws {
        let journal = prefix(30)
        let log = AuditLog(path: path, journal: journal)
        try await log.start()
        try FileManager.default.removeItem(atPath: path)
        extend(journal, to: 31)
        #expect(try await log.catchUp() == 31)
        #expect(try folder.read("audit.jsonl") == text(Array(trail.log.prefix(31))))
    }

    @Test func whatSomebodyElseWritesStopsTheLogAndLosesNothing() async throws {
        let journal = prefix(30)
        let log = AuditLog(path: path, journal: journal)
        try await log.start()
        _ = try folder.write(text(Array(trail.log.prefix(30))) + "half a line", to: "audit.jsonl")
        extend(journal, to: 31)
        await #expect { try await log.catchUp() } throws: { ($0 as? AuditError)?.code == .logBroken }
        #expect(try folder.read("audit.jsonl").hasSuffix("half a line"))
    }

    @Test func aFolderThatIsNotThereIsNamed() async throws {
        let log = AuditLog(path: folder.file("none/audit.jsonl"), journal: prefix(1))
        await #expect { try await log.start() } throws: {
            ($0 as? AuditError)?.code == .logUnwritable && "\($0)".contains("none/audit.jsonl")
        }
    }

    /// `/dev/full` answers every write with "no space left".
    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "this system has no /dev/full"))
    func aFullDiskIsToldByItsName() throws {
        let file = try LogFile(path: "/dev/full", access: .append)
        #expect { try file.append([1, 2, 3]) } throws: { ($0 as? AuditError)?.code == .logFull }
    }

    @Test func longLinesAreReadBothWays() throws {
        let long = String(repeating: "x", count: AuditLimits.maxReadLineBytes + 10)
        let lines = ["a", String(repeating: "b", count: 200_000), long, "", "c"]
        _ = try folder.write(text(lines) + "tail", to: "lines")
        let file = try LogFile(path: folder.file("lines"), access: .read)
        let expected = [1, 200_000, 0, 0, 1, 4]
        var forwards: [Int] = []
        try LogLines.forwards(file, until: file.size()) { forwards.append($0.bytes.count) }
        #expect(forwards == expected)
        var backwards: [Int] = []
        var offsets: [Int64] = []
        try LogLines.backwards(file, from: file.size()) {
            backwards.append($0.bytes.count)
            offsets.append($0.offset)
            return true
        }
        #expect(backwards == expected.reversed())
        let size = try file.size()
        #expect(offsets.last == 0 && offsets.first == size - 4)
    }
}

extension Trail {
    func fresh(logged: Int) -> MemoryJournal {
        let journal = MemoryJournal(lines)
        journal.logged(through: Int64(logged))
        return journal
    }
}
