import Audit
import Domain
import Wire

/// The server answers, out of the state that it owns.
struct ServerAnswers: Answers {
    let server: RemoteServer
    let console: Console

    /// Of the trail, that one verb gathers: the API gives the newest first, people read the oldest first.
    static let maxRecords = 200_000

    func bots(_ names: [String]) async throws -> [BotStatusShape] {
        let all: [BotStatusShape] = try await asking { try await server.list(["bots"]) }
        let sorted = all.sorted { $0.place < $1.place }
        guard !names.isEmpty else { return sorted }
        if let unknown = names.first(where: { name in !sorted.contains { $0.isCalled(name) } }) {
            throw CommandFailure.noBot(unknown)
        }
        return sorted.filter { bot in names.contains { bot.isCalled($0) } }
    }

    func troubles() async throws -> [TroubleShape] {
        do {
            return try await asking { try await server.list(["troubles"]) }
        } catch let refusal as RemoteFailure where refusal.status == 404 {
            // A server of an older version tells of none.
            return []
        }
    }

    func rollouts(of name: String, limit: Int) async throws -> [RolloutShape] {
        try await naming(.noBot(name)) { try await server.list(["bots", name, "rollouts"], max: limit) }
    }

    func rollout(_ id: String) async throws -> RolloutDetailShape {
        do {
            return try await naming(.noRollout(id)) { try await server.get(["rollouts", id.lowercased()]) }
        } catch let refusal as RemoteFailure where refusal.status == 409 {
            throw CommandFailure.severalRollouts(id)
        }
    }

    func trace(_ name: String) async throws -> TraceShape {
        try await naming(.noBot(name)) { try await server.get(["bots", name, "trace"]) }
    }

    func records(of name: String?, last: Int?, _ page: ([String]) throws -> Void) async throws {
        let query = name.map { [(name: "bot", value: $0)] } ?? []
        let max = min(last ?? .max, Self.maxRecords + 1)
        let records: [JSONValue] = try await naming(name.map { .noBot($0) }) {
            try await server.list(["audit"], query: query, max: max)
        }
        guard records.count <= Self.maxRecords else {
            throw CommandFailure(
                .unusable, "the trail has more than \(Self.maxRecords) records, too many to be asked for at once",
                remedy: "Give --last, or read the log where the server runs.")
        }
        // Canonical JSON has one form, so these are the bytes of the log.
        try page(records.reversed().map { try CanonicalJSON.text($0) })
    }

    func notifications(
        status: DeliveryState.Status?, sink: String?, limit: Int
    ) async throws -> [NotificationsShape.Item] {
        let filters = [status.map { (name: "status", value: $0.rawValue) }, sink.map { (name: "sink", value: $0) }]
        return try await asking {
            try await server.list(["notifications"], query: filters.compactMap { $0 }, max: limit)
        }
    }

    private func asking<Value>(_ body: () async throws -> Value) async throws -> Value {
        try await ProgressLine.showing("asking \(server.shown)", on: console) { _ in try await body() }
    }

    /// What was asked for by that name is not there.
    private func naming<Value>(_ absence: CommandFailure?, _ body: () async throws -> Value) async throws -> Value {
        do { return try await asking(body) } catch let refusal as RemoteFailure where refusal.status == 404 {
            throw absence ?? refusal.failure
        }
    }
}

extension BotStatusShape {
    var key: BotKey { BotKey(platform: platform, botId: botId, environment: environment) }
    /// By which lists are sorted.
    var place: (String, BotKey) { (name, key) }

    func isCalled(_ name: String) -> Bool { self.name == name || key.description == name }
}
