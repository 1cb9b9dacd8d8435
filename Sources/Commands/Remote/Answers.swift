import Domain
import Wire

/// What the reading verbs ask for, in the shapes that they print: so that it makes no difference who answers.
protocol Answers: Sendable {
    /// Sorted by name; all where no name is given.
    /// - Throws: `CommandFailure` for a name that no bot has.
    func bots(_ names: [String]) async throws -> [BotStatusShape]
    /// What keeps trail and sinks from being told.
    func troubles() async throws -> [TroubleShape]
    /// Newest first.
    func rollouts(of name: String, limit: Int) async throws -> [RolloutShape]
    /// - Parameter id: the beginning of it.
    func rollout(_ id: String) async throws -> RolloutDetailShape
    func trace(_ name: String) async throws -> TraceShape
    /// Hands out the lines of the trail in the order of the chain, a page at a time.
    /// - Parameters:
    ///   - name: nil: of all bots.
    ///   - last: only so many; nil: all.
    func records(of name: String?, last: Int?, _ page: ([String]) throws -> Void) async throws
    /// Newest first.
    func notifications(
        status: DeliveryState.Status?, sink: String?, limit: Int
    ) async throws -> [NotificationsShape.Item]
}

extension CommandFailure {
    static func noBot(_ name: String) -> CommandFailure {
        CommandFailure(.usage, "no bot is called \(name)", remedy: "`ballast status` lists those that are known.")
    }

    static func noBot(with labels: [String: String]) -> CommandFailure {
        let pairs = labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return CommandFailure(
            .usage, "no bot has the labels \(pairs.joined(separator: ","))",
            remedy: "`ballast status -o json` shows the labels of each.")
    }

    static func noRollout(_ id: String) -> CommandFailure {
        CommandFailure(
            .usage, "no rollout has an id that begins with `\(id)`",
            remedy: "`ballast history NAME` lists those of a bot.")
    }

    static func severalRollouts(_ id: String) -> CommandFailure {
        CommandFailure(.usage, "several rollouts have an id that begins with `\(id)`", remedy: "Give more of it.")
    }
}
