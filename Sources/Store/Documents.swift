import Domain
import Foundation
import GRDB

/// The state's documents that are asked for by kind and key alone.
enum DocumentKind: String {
    case platform, feed, source, move, sink, fleet
}

extension BotKey {
    /// Distinct for distinct bots: names and ids hold no control characters.
    var column: String { "\(platform)\u{1F}\(botId)\u{1F}\(environment)" }
}

/// Writes documents as compact JSON with sorted keys.
struct DocumentWriter {
    private let encoder: JSONEncoder

    init() {
        encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    }

    func json(_ value: some Encodable) throws -> String {
        String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    func put(_ db: Database, _ kind: DocumentKind, _ key: String, _ value: some Encodable) throws {
        let sql = """
            INSERT INTO documents(kind, key, body) VALUES(?1, ?2, ?3) ON CONFLICT(kind, key) DO UPDATE SET body = ?3
            """
        try db.cachedStatement(sql: sql).execute(arguments: [kind.rawValue, key, try json(value)])
    }

    func apply(_ change: StateChange, to db: Database) throws {
        switch change {
        case .bot(let bot):
            let sql = "INSERT INTO bots(key, body) VALUES(?1, ?2) ON CONFLICT(key) DO UPDATE SET body = ?2"
            try db.cachedStatement(sql: sql).execute(arguments: [bot.key.column, try json(bot)])
        case .removeBot(let key):
            try db.cachedStatement(sql: "DELETE FROM bots WHERE key = ?").execute(arguments: [key.column])
        case .file(let file):
            let sql = "INSERT INTO files(key, body) VALUES(?1, ?2) ON CONFLICT(key) DO UPDATE SET body = ?2"
            try db.cachedStatement(sql: sql).execute(arguments: [file.path, try json(file)])
        case .removeFile(let path):
            try db.cachedStatement(sql: "DELETE FROM files WHERE key = ?").execute(arguments: [path])
        case .rollout(let rollout): try put(db, rollout)
        case .platform(let platform): try put(db, .platform, platform.name, platform)
        case .feed(let feed): try put(db, .feed, "\(feed.platform)\u{1F}\(feed.environment)", feed)
        case .source(let source): try put(db, .source, "", source)
        case .move(let move): try put(db, .move, String(move.number), move)
        case .sink(let sink): try put(db, .sink, sink.name, sink)
        case .fleet(let fleet): try put(db, .fleet, "", fleet)
        }
    }

    private func put(_ db: Database, _ rollout: Rollout) throws {
        let sql = """
            INSERT INTO rollouts(id, bot, started, ended, body) VALUES(?1, ?2, ?3, ?4, ?5)
            ON CONFLICT(id) DO UPDATE SET ended = ?4, body = ?5
            """
        let ended: Int64? = rollout.hasEnded ? (rollout.endedAt ?? rollout.startedAt).milliseconds : nil
        try db.cachedStatement(sql: sql).execute(arguments: [
            rollout.id, rollout.key.column, rollout.startedAt.milliseconds, ended, try json(rollout),
        ])
    }
}

/// A document as it stands in its table.
struct StoredDocument: Sendable {
    var kind: String
    var key: String
    var body: Data

    func decoded<Value: Decodable>(_ type: Value.Type, with decoder: JSONDecoder) throws -> Value {
        do {
            return try decoder.decode(type, from: body)
        } catch {
            let name = key.replacing("\u{1F}", with: "/")
            throw StoreError(
                .undecodable,
                "the state holds a \(kind)\(name.isEmpty ? "" : " `\(name)`") that this version cannot read; it was left as "
                    + "it is", cause: error)
        }
    }
}

extension [StoredDocument] {
    /// Documents that one task decodes at once.
    private static var chunkCount: Int { 500 }

    /// A few tasks share the work, and each chunk is one array for the decoder: 10,000 bots take a fraction of a second.
    func decoded<Value: Decodable & Sendable>(_ type: Value.Type) async throws -> [Value] {
        let starts = [Int](stride(from: 0, to: count, by: Self.chunkCount))
        return try await withThrowingTaskGroup(of: (Int, [Value]).self) { group in
            for start in starts {
                let chunk = [StoredDocument](self[start..<Swift.min(start + Self.chunkCount, count)])
                group.addTask { (start, try chunk.decodedAtOnce(type)) }
            }
            var parts: [Int: [Value]] = [:]
            for try await (start, values) in group { parts[start] = values }
            return starts.flatMap { parts[$0] ?? [] }
        }
    }

    private func decodedAtOnce<Value: Decodable>(_ type: Value.Type) throws -> [Value] {
        let decoder = JSONDecoder()
        var array = Data("[".utf8)
        array.reserveCapacity(reduce(2) { $0 + $1.body.count + 1 })
        for (position, document) in enumerated() {
            if position > 0 { array.append(UInt8(ascii: ",")) }
            array.append(document.body)
        }
        array.append(UInt8(ascii: "]"))
        if let values = try? decoder.decode([Value].self, from: array), values.count == count { return values }
        return try map { try $0.decoded(type, with: decoder) }
    }
}
