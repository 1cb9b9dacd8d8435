import Domain
import Foundation
import GRDB
import Testing

@testable import Store

@Suite struct OwnershipTests {
    let fixture: StoreFixture

    init() throws { fixture = try StoreFixture() }

    @Test func aSecondWriterIsToldWhoHasTheState() async throws {
        let store = try await fixture.open(verb: "ballast reconcile --bot a")
        let pid = ProcessInfo.processInfo.processIdentifier
        await #expect { try await fixture.open() } throws: {
            isStoreError($0, .inUse(pid: pid, verb: "ballast reconcile --bot a"))
                && "\($0)".contains("process \(pid)") && "\($0)".contains("ballast reconcile --bot a")
        }
        try await store.close()
        _ = try await fixture.open()
    }

    /// Another process holds the lock: the same as this one's, since the lock belongs to the open file.
    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/flock"), "needs flock of util-linux"))
    func anotherProcessHasTheState() async throws {
        let other = Process()
        other.executableURL = URL(fileURLWithPath: "/usr/bin/flock")
        other.arguments = [fixture.path + ".lock", "sh", "-c", "echo 4711 ballast suspend >&9; echo ready; read line"]
        let input = Pipe()
        let output = Pipe()
        other.standardInput = input
        other.standardOutput = output
        other.arguments = [
            fixture.path + ".lock", "sh", "-c",
            "echo 4711 ballast suspend > '\(fixture.path).lock'; echo ready; read line",
        ]
        try other.run()
        #expect(output.fileHandleForReading.availableData == Data("ready\n".utf8))
        await #expect { try await fixture.open() } throws: {
            isStoreError($0, .inUse(pid: 4711, verb: "ballast suspend"))
        }
        try input.fileHandleForWriting.close()
        other.waitUntilExit()
        // What the dead process left in the file is no obstacle.
        let store = try await fixture.open()
        #expect(try fixture.bytes(".lock").starts(with: Data("\(ProcessInfo.processInfo.processIdentifier) ".utf8)))
        try await store.close()
    }

    @Test func readersWorkBesideTheWriterAndSeeWhatItCommits() async throws {
        let store = try await fixture.open()
        try await store.commit(transaction { $0.changes = [.bot(bot(1))] })
        let reader = try await StateReader.open(path: fixture.path)
        for number in 2...50 {
            try await store.commit(
                transaction {
                    $0.changes = [.bot(bot(number))]
                    $0.records = [draft(number)]
                })
            #expect(try await reader.bots().count == number)
            #expect(try reader.lastIndex() == Int64(number - 1))
        }
        await #expect(throws: StoreError.self) {
            _ = try await reader.read { try $0.execute(sql: "DELETE FROM bots") }
        }
    }

    @Test func aReaderDoesNotCheckpoint() async throws {
        let store = try await fixture.open()
        try await store.commit(transaction { $0.changes = [.bot(bot(1))] })
        let before = (try fixture.bytes(), try fixture.bytes("-wal"))
        let reader = try await StateReader.open(path: fixture.path)
        _ = try await reader.load()
        try reader.queue.close()
        #expect(try fixture.bytes() == before.0 && fixture.bytes("-wal") == before.1)
        try await store.commit(transaction { $0.changes = [.bot(bot(2))] })
        #expect(try await store.load().bots.count == 2)
    }

    @Test func aReaderOfAStateThatNobodyHasOpen() async throws {
        let store = try await fixture.open()
        try await store.commit(transaction { $0.changes = [.bot(bot(1))] })
        try await store.close()
        let reader = try await StateReader.open(path: fixture.path)
        #expect(try await reader.bot(key(1)) == bot(1))
    }

    @Test func aBackupMadeInUseIsAStateByItself() async throws {
        let store = try await fixture.open()
        try await store.commit(
            transaction {
                $0.changes = (0..<50).map { .bot(bot($0)) }
                $0.records = [draft(1), draft(2)]
            })
        let copy = fixture.folder + "/copy.db"
        try await store.backup(to: copy)
        try await store.commit(transaction { $0.records = [draft(3)] })
        #expect(!FileManager.default.fileExists(atPath: copy + "-wal"))
        #expect(!FileManager.default.fileExists(atPath: copy + ".partial"))
        let other = try await SQLiteStore.open(path: copy, verb: "test", newID: { "never" })
        #expect(try await other.load().bots.count == 50)
        #expect(try other.lastIndex() == 2 && store.lastIndex() == 3)
        await #expect(throws: StoreError.self) { try await store.backup(to: fixture.folder + "/none/copy.db") }
    }

    @Test func aMigrationLeavesACopyOfWhatWas() async throws {
        let store = try await fixture.open()
        try await store.commit(
            transaction {
                $0.changes = [.bot(bot(1))]
                $0.records = [draft(1)]
            })
        try await store.close()
        var schema = Schema.current
        schema.migrations.append(Schema.Migration(sql: "CREATE TABLE later(a)"))
        let path = fixture.path
        let migrated = try await SQLiteStore.open(path: path, verb: "test", schema: schema, newID: { "never" })
        #expect(try await migrated.load().bots == [bot(1)])
        try await migrated.perform("use") { try $0.execute(sql: "INSERT INTO later VALUES(1)") }
        try await migrated.close()
        await #expect { try await fixture.open() } throws: { isStoreError($0, .newer) }
        let copy = fixture.path + ".before-migration-2"
        let before = try await SQLiteStore.open(path: copy, verb: "test", newID: { "never" })
        #expect(try await before.load().bots == [bot(1)])
        let version = try await before.perform("look") { try Int.fetchOne($0, sql: "PRAGMA user_version") }
        #expect(version == 1)
    }

    @Test func aMigrationThatFailsChangesNothing() async throws {
        try await fixture.open().close()
        var schema = Schema.current
        schema.migrations.append(Schema.Migration(sql: "CREATE TABLE later(a); CREATE TABLE bots(a)"))
        let path = fixture.path
        let failing = schema
        await #expect(throws: StoreError.self) {
            _ = try await SQLiteStore.open(path: path, verb: "test", schema: failing, newID: { "never" })
        }
        let store = try await fixture.open()
        #expect(try await store.load().id == StoreFixture.chain)
    }
}
