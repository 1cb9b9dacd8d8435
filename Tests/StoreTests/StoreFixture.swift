import Audit
import Domain
import Foundation
import GRDB

@testable import Store

/// A folder with a state in it, gone with the test.
final class StoreFixture: Sendable {
    static let chain = "00000000-0000-4000-8000-000000000001"
    let folder: String
    var path: String { folder + "/ballast.db" }

    init() throws {
        folder = NSTemporaryDirectory() + "ballast-store-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func open(verb: String = "ballast reconcile") async throws -> SQLiteStore {
        try await SQLiteStore.open(path: path, verb: verb, newID: { Self.chain })
    }

    func bytes(_ suffix: String = "") throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path + suffix)) }

    func write(_ data: Data, _ suffix: String = "") throws { try data.write(to: URL(fileURLWithPath: path + suffix)) }

    func exists(_ suffix: String) -> Bool { FileManager.default.fileExists(atPath: path + suffix) }
}

/// A store whose folder lives as long as it does.
struct OpenStore {
    let fixture: StoreFixture
    let store: SQLiteStore

    init() async throws {
        fixture = try StoreFixture()
        store = try await fixture.open()
    }
}

func now(_ milliseconds: Int64 = 0) -> Now {
    Now(tick: Tick(milliseconds: milliseconds), wall: Timestamp(milliseconds: 1_790_000_000_000 + milliseconds))
}

func key(_ number: Int) -> BotKey { BotKey(platform: "default", botId: "bot_\(number)", environment: "PRODUCTION") }

/// The same under a name that members called `bot` do not hide.
func plainBot(_ number: Int) -> BotRecord { bot(number) }

func bot(_ number: Int, message: String = "fine") -> BotRecord {
    let condition = BotCondition(.inSync, message: message, since: Timestamp(milliseconds: 5))
    var bot = BotRecord(key: key(number), name: "bot-\(number)", condition: condition)
    bot.verified = ["v_1", "v_2"]
    return bot
}

func draft(
    _ number: Int, rollout: String? = nil, noted: Int? = nil, closes: Bool = false, bot: BotKey? = nil
) -> AuditDraft {
    AuditDraft(
        fields: ["type": .string("step"), "number": .integer(Int64(number))],
        at: Timestamp(milliseconds: 1_790_000_000_000), bot: bot, rolloutId: rollout,
        notedOn: noted.map { CommitID(String(repeating: String($0), count: 40)) }, closesSteps: closes)
}

func event(_ number: Int, type: String = "rollout.succeeded", at: Int64 = 0, bot: Int = 1) -> Event {
    var event = Event(
        id: "event-\(number)", type: type, time: Timestamp(milliseconds: at), severity: .info,
        sequence: Int64(number), stream: key(bot).description, fingerprint: "f", message: "It went well.",
        status: .success)
    event.bot = Event.BotReference(key: key(bot), name: "bot-\(bot)", labels: [:])
    return event
}

func transaction(_ milliseconds: Int64 = 0, _ change: (inout Transaction) -> Void) -> Transaction {
    var transaction = Transaction(now: now(milliseconds))
    change(&transaction)
    return transaction
}

func isStoreError(_ error: any Error, _ code: StoreError.Code) -> Bool { (error as? StoreError)?.code == code }
