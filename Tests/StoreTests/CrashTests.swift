import Audit
import Domain
import Foundation
import GRDB
import Testing

@testable import Store

/// A process that dies, or a machine that loses power, leaves the state before or after a transaction, never between.
@Suite struct CrashTests {
    private static let pageBytes = 4096
    private static let frameHeaderBytes = 24

    /// The log of the database cut at every frame of the last transaction, and within frames.
    @Test func everyCutOfTheLastTransactionOpensAsBeforeOrAfter() async throws {
        let fixture = try StoreFixture()
        let store = try await fixture.open()
        try await store.commit(
            transaction(1) {
                $0.changes = [.bot(bot(1, message: "old"))]
                $0.records = [draft(1)]
            })
        let start = try fixture.bytes("-wal").count
        try await store.commit(
            transaction(2) {
                $0.changes = [.bot(bot(1, message: "new"))] + (2..<30).map { .bot(Samples.bot($0)) }
                $0.records = (2..<9).map { draft($0, noted: 1) }
                $0.events = [OutboxEntry(event: event(1), sinks: ["a"])]
            })
        let file = try fixture.bytes()
        let log = try fixture.bytes("-wal")
        let frame = Self.pageBytes + Self.frameHeaderBytes
        var cuts = Array(stride(from: start, through: log.count, by: frame))
        cuts += cuts.flatMap { [$0 - 1, $0 + 1, $0 + Self.frameHeaderBytes, $0 + frame / 2] }
        #expect(cuts.count > 25)
        for cut in Set(cuts) where cut >= start && cut <= log.count {
            let isWhole = try await open(file, Data(log.prefix(cut)))
            #expect(isWhole == (cut == log.count), "cut at \(cut)")
            var torn = Data(log.prefix(cut))
            torn.append(Data(repeating: 0, count: log.count - cut))
            #expect(try await open(file, torn) == (cut == log.count), "zeros from \(cut)")
        }
    }

    /// True: all of the last transaction; false: none of it.
    private func open(_ file: Data, _ log: Data) async throws -> Bool {
        let copy = try StoreFixture()
        try copy.write(file)
        try copy.write(log, "-wal")
        let store = try await copy.open()
        let state = try await store.load()
        let isWhole = state.bots.count > 1
        #expect(state.bots[0].condition.message == (isWhole ? "new" : "old"))
        #expect(state.saved == now(isWhole ? 2 : 1))
        #expect(try store.lastIndex() == (isWhole ? 8 : 1))
        #expect(state.deliveries.count == (isWhole ? 1 : 0) && state.notesDue.count == (isWhole ? 7 : 0))
        try await store.commit(transaction(3) { $0.records = [draft(9)] })
        #expect(try await AuditVerifier(journal: store, logPath: nil, notes: []).verify().isWhole)
        return isWhole
    }

    /// Killed before the journal of the very first write was taken away: there is no state yet, and the next process makes it.
    @Test(arguments: [false, true]) func aBeginningThatDiedIsBegunAgain(readerComesFirst: Bool) async throws {
        let fixture = try StoreFixture()
        let beginning = try StoreFixture()
        let queue = try DatabaseQueue(path: beginning.path)
        try await queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = WAL") }
        try queue.close()
        var journal: [UInt8] = [0xD9, 0xD5, 0x05, 0xF9, 0x20, 0xA1, 0x63, 0xD7, 0, 0, 0, 0, 1, 2, 3, 4]
        journal += [0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0x10, 0]
        journal += Array(repeating: 0, count: 512 - journal.count)
        try fixture.write(try beginning.bytes())
        try fixture.write(Data(journal), "-journal")
        if readerComesFirst {
            await #expect { try await StateReader.open(path: fixture.path) } throws: { isStoreError($0, .missing) }
        }
        let store = try await fixture.open()
        try await store.commit(transaction { $0.records = [draft(1)] })
        #expect(try store.lastIndex() == 1)
    }

    /// The journal of a database that had something is not ours, and is not played back.
    @Test func anothersUnfinishedWriteIsLeftAsItIs() async throws {
        let fixture = try StoreFixture()
        let queue = try DatabaseQueue(path: fixture.path)
        try await queue.write { try $0.execute(sql: "CREATE TABLE theirs(a)") }
        try queue.close()
        var journal: [UInt8] = [0xD9, 0xD5, 0x05, 0xF9, 0x20, 0xA1, 0x63, 0xD7, 0, 0, 0, 0, 1, 2, 3, 4]
        journal += [0, 0, 0, 2, 0, 0, 2, 0, 0, 0, 0x10, 0]
        journal += Array(repeating: 0, count: 512 - journal.count)
        try fixture.write(Data(journal), "-journal")
        let before = try fixture.bytes()
        await #expect(throws: StoreError.self) { try await fixture.open() }
        #expect(try fixture.bytes() == before)
        #expect(try fixture.bytes("-journal") == Data(journal))
    }

    /// Bits that rot in the log of the database are seen by its checksums.
    @Test func aFlippedBitIsNeverHalfATransaction() async throws {
        let fixture = try StoreFixture()
        let store = try await fixture.open()
        try await store.commit(
            transaction(1) {
                $0.changes = [.bot(bot(1, message: "old"))]
                $0.records = [draft(1)]
            })
        let start = try fixture.bytes("-wal").count
        try await store.commit(
            transaction(2) {
                $0.changes = [.bot(bot(1, message: "new")), .bot(bot(2))]
                $0.records = (2..<9).map { draft($0, noted: 1) }
                $0.events = [OutboxEntry(event: event(1), sinks: ["a"])]
            })
        let file = try fixture.bytes()
        let log = try fixture.bytes("-wal")
        for position in stride(from: start + 3, to: log.count, by: max(1, (log.count - start) / 40)) {
            var rotten = log
            rotten[position] ^= 0x10
            #expect(try await open(file, rotten) == false, "bit at \(position)")
        }
    }

    /// The file cut anywhere: old, new, or an error that says what is wrong; never a crash, never another state.
    @Test func aCutFileSaysWhatIsWrong() async throws {
        let fixture = try StoreFixture()
        let store = try await fixture.open()
        try await store.commit(
            transaction {
                $0.changes = (0..<40).map { .bot(Samples.bot($0)) }
                $0.records = (0..<20).map { draft($0) }
            })
        try await store.close()
        let file = try fixture.bytes()
        for pages in 1..<file.count / Self.pageBytes {
            let copy = try StoreFixture()
            try copy.write(Data(file.prefix(pages * Self.pageBytes)))
            do {
                let state = try await copy.open().load()
                #expect(state.bots.count == 40, "\(pages) pages gave \(state.bots.count) bots")
            } catch let error as StoreError {
                #expect([.corrupt, .notAState, .failed].contains(error.code), "\(pages) pages: \(error)")
                #expect(error.message.contains(copy.path))
            }
        }
    }
}
