import Domain
import Foundation
import GRDB
import Testing

@testable import Store

/// A state that cannot be used is told by a code of its own, with its path, and left as it is.
@Suite struct BadStateTests {
    let fixture: StoreFixture

    init() throws { fixture = try StoreFixture() }

    private func made(records: Int = 3) async throws {
        let store = try await fixture.open()
        try await store.commit(
            transaction {
                $0.changes = (0..<200).map { .bot(Samples.bot($0)) }
                $0.records = (0..<records).map { draft($0) }
            })
        try await store.close()
    }

    private func expectRefused(_ code: StoreError.Code, unchanged: Bool = true) async throws {
        let before = try fixture.bytes()
        for isReader in [true, false] {
            await #expect("reader: \(isReader)") {
                if isReader {
                    _ = try await StateReader.open(path: fixture.path).load()
                } else {
                    let store = try await fixture.open()
                    _ = try await store.load()
                }
            } throws: {
                isStoreError($0, code) && "\($0)".contains(fixture.path)
            }
            if unchanged { #expect(try fixture.bytes() == before) }
        }
    }

    @Test(arguments: ["not a database at all, but some text\n", "x", String(repeating: "0", count: 9000)])
    func aFileThatIsNoDatabase(_ content: String) async throws {
        try fixture.write(Data(content.utf8))
        try await expectRefused(.notADatabase)
    }

    @Test func aDamagedHeader() async throws {
        try await made()
        var bytes = try fixture.bytes()
        for position in 0..<16 { bytes[position] ^= 0xFF }
        try fixture.write(bytes)
        try await expectRefused(.notADatabase)
    }

    @Test func damagedPages() async throws {
        try await made()
        var bytes = try fixture.bytes()
        for position in 4096..<bytes.count { bytes[position] = UInt8(truncatingIfNeeded: position &* 31) }
        try fixture.write(bytes)
        try await expectRefused(.corrupt)
    }

    @Test func aDamagedLastRecordIsNotChainedTo() async throws {
        try await made()
        let queue = try DatabaseQueue(path: fixture.path)
        try await queue.write { try $0.execute(sql: "UPDATE records SET line = 'x' WHERE id = 3") }
        try queue.close()
        await #expect { try await fixture.open() } throws: {
            isStoreError($0, .corrupt) && "\($0)".contains("record 3")
        }
    }

    @Test func aDatabaseOfAnotherProgram() async throws {
        let queue = try DatabaseQueue(path: fixture.path)
        try await queue.write { try $0.execute(sql: "CREATE TABLE theirs(a)") }
        try queue.close()
        try await expectRefused(.notAState)
    }

    @Test func aNewerState() async throws {
        try await made()
        let queue = try DatabaseQueue(path: fixture.path)
        try await queue.write { try $0.execute(sql: "PRAGMA user_version = 99; DROP TABLE bots") }
        try queue.close()
        try await expectRefused(.newer)
    }

    @Test func aFolder() async throws {
        try FileManager.default.createDirectory(atPath: fixture.path, withIntermediateDirectories: true)
        await #expect { try await fixture.open() } throws: { isStoreError($0, .notADatabase) }
    }

    @Test func aFolderThatIsNotThere() async throws {
        let path = fixture.folder + "/none/ballast.db"
        await #expect {
            try await SQLiteStore.open(path: path, verb: "test", newID: { "x" })
        } throws: {
            isStoreError($0, .inaccessible) && "\($0)".contains(path)
        }
    }

    @Test func aReaderWithoutAState() async throws {
        await #expect { try await StateReader.open(path: fixture.path) } throws: { isStoreError($0, .missing) }
        #expect(!fixture.exists(""))
    }

    @Test func aFileWithoutAByteIsANewState() async throws {
        try fixture.write(Data())
        let store = try await fixture.open()
        #expect(try await store.load().id == StoreFixture.chain)
    }

    /// `max_page_count` makes SQLite say what it says on a full disk.
    @Test func aFullDiskLosesNothing() async throws {
        let store = try await fixture.open()
        try await store.commit(transaction { $0.changes = [.bot(bot(1))] })
        try await store.perform("limit") { try $0.execute(sql: "PRAGMA max_page_count = 60") }
        let many = transaction { change in
            change.changes = (0..<500).map { .bot(Samples.bot($0)) }
            change.records = [draft(1)]
        }
        await #expect { try await store.commit(many) } throws: {
            isStoreError($0, .full) && "\($0)".contains(fixture.path)
        }
        #expect(try await store.load().bots == [bot(1)])
        try await store.perform("free") { try $0.execute(sql: "PRAGMA max_page_count = 100000") }
        try await store.commit(many)
        #expect(try await store.load().bots.count == 500)
        #expect(try store.lastIndex() == 1)
    }

    /// Somebody else's transaction on the file.
    @Test func aLockOfAnotherProgram() throws {
        let error = DatabaseError(resultCode: .SQLITE_BUSY)
        #expect(StoreError(error, path: "/a/state", doing: "write").code == .locked)
        #expect(StoreError(DatabaseError(resultCode: .SQLITE_READONLY), path: "p", doing: "w").code == .readOnly)
        #expect(StoreError(DatabaseError(resultCode: .SQLITE_IOERR), path: "p", doing: "w").code == .failed)
    }

    /// Root may write everywhere, so this needs a user that is not.
    @Test(.enabled(if: geteuid() != 0, "root ignores permissions")) func aReadOnlyFolder() async throws {
        try await made()
        try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: fixture.folder)
        defer { try? FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: fixture.folder) }
        await #expect { try await fixture.open() } throws: { isStoreError($0, .readOnly) }
    }
}
