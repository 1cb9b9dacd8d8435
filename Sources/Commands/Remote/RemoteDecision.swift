import Domain
import Wire

/// A person's decision, as a server is asked to take it; its record names the token.
struct RemoteDecision: Sendable {
    /// Where it may be asked for: the first place that knows the subject takes it.
    var paths: [[String]]
    var body: [String: JSONValue]
    /// What is said where no place knows it.
    var unknown: String

    /// - Parameter reason: empty: the person gave none.
    init(_ kind: Decision.Kind, reason: String) {
        body = ["reason": .string(reason)]
        switch kind {
        case .approve(let commit):
            paths = [["commits", commit, "approve"]]
            unknown = "nothing that is held starts with \(commit)"
        case .approveDrift(let platform):
            paths = [["platforms", platform, "approve"]]
            unknown = "no platform is called \(platform)"
        case .release(let name): (paths, unknown) = Self.either(name, "release")
        case .waive(let bot, let one):
            paths = [["bots", bot, "waive"]]
            body["guard"] = .string(one.rawValue)
            unknown = "no bot is called \(bot)"
        case .suspend(let target, let span):
            (paths, unknown) = Self.either(target, "suspend")
            body["for"] = span.map { .string($0.text) }
        case .resume(let target): (paths, unknown) = Self.either(target, "resume")
        case .rollbackWithoutGit(let bot, let version):
            paths = [["bots", bot, "rollback"]]
            body["to"] = version.map { .string($0) }
            body["withoutGit"] = .bool(true)
            unknown = "no bot is called \(bot)"
        case .enableSink(let sink):
            paths = [["sinks", sink, "enable"]]
            unknown = "no sink is called \(sink)"
        case .redeliver(let deliveries, _):
            // Those of one event; those of a sink are gathered by the server.
            paths = deliveries.prefix(1).map { ["notifications", $0.eventId, "redeliver"] }
            unknown = "no sink was sent such an event"
        }
    }

    /// A platform's name comes first, as without a server.
    private static func either(_ name: String, _ verb: String) -> ([[String]], String) {
        ([["platforms", name, verb], ["bots", name, verb]], "neither a bot nor a platform is called \(name)")
    }

    private static func either(_ target: Decision.SuspensionTarget, _ verb: String) -> ([[String]], String) {
        switch target {
        case .named(let name): either(name, verb)
        case .all: ([[verb]], "the server does not know `\(verb)`")
        }
    }

    func carryOut(on server: RemoteServer) async throws -> DecidedShape {
        for path in paths {
            do { return try await server.post(path, body) } catch let refusal as RemoteFailure
                where refusal.status == 404
            { continue }
        }
        throw CommandFailure(.usage, unknown)
    }
}
