import Domain
import Store

/// Finds bots by what a person calls them.
struct BotLookup: Sendable {
    private let reader: StateReader

    init(_ reader: StateReader) { self.reader = reader }

    /// By name, then by triple; all where no name is given.
    /// - Throws: `CommandFailure` for a name that no bot has.
    func bots(_ names: [String]) async throws -> [BotRecord] {
        let all = try await reader.bots().sorted { ($0.name, $0.key) < ($1.name, $1.key) }
        guard !names.isEmpty else { return all }
        if let unknown = names.first(where: { name in !all.contains { BotLookup.is($0, name) } }) {
            throw CommandFailure.noBot(unknown)
        }
        return all.filter { bot in names.contains { BotLookup.is(bot, $0) } }
    }

    /// One bot; of several that had the name, the one that has a manifest.
    func bot(_ name: String) async throws -> BotRecord {
        let found = try await reader.bots().filter { BotLookup.is($0, name) }
        guard let bot = found.first(where: { ($0.declared ?? $0.pending?.declaration) != nil }) ?? found.first else {
            throw CommandFailure.noBot(name)
        }
        return bot
    }

    private static func `is`(_ bot: BotRecord, _ name: String) -> Bool {
        bot.name == name || bot.key.description == name
    }
}
