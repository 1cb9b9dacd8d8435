import Domain
import Exchange
import Live
import Platforms
import Wire

/// Whether a platform answers, takes our credentials, and grants what reading needs. The right to deploy can't be asked
/// for without deploying.
struct PlatformExamination: Sendable {
    var settings: PlatformSettings
    var secrets: any Secrets
    /// By platform, as far as they are known.
    var environments: [String: [String]]

    private static let usualEnvironment = "PRODUCTION"
    /// A bot that no platform has: 404 is as good an answer as 200.
    private static let unknownBot = "ballast-doctor"

    func checks() async -> [DoctorShape.Check] {
        let connections = Connections()
        let clock = SystemClock(continuing: nil)
        let clocks = Clocks(
            wall: { clock.now().wall }, elapsed: { Span(milliseconds: clock.now().tick.milliseconds) })
        var checks: [DoctorShape.Check] = []
        do {
            let platform = try PlatformFactory.make(
                settings, secrets: secrets, connections: connections, clocks: clocks)
            for (what, request) in requests {
                let check = await self.check(what, request, platform)
                checks.append(check)
                // What one request can't get past stops all of them; a missing scope is each one's own.
                if !check.ok, check.remedy != Self.grant { break }
            }
        } catch {
            checks.append(
                bad("platform \(settings.name)", error.description, "Correct `platforms.\(settings.name)`."))
        }
        await connections.shutdown()
        return checks
    }

    private var requests: [(String, PlatformRequest)] {
        let known = environments[settings.name] ?? []
        let used = known.isEmpty ? [Self.usualEnvironment] : known
        return used.map { ("deployments of \($0)", .jobs(botId: nil, environment: $0, page: 1)) } + [
            ("versions", .versions(botId: Self.unknownBot, page: 1)),
            ("sessions", .sessions(botId: Self.unknownBot, environment: used[0], page: 1)),
        ]
    }

    private static let grant = "Grant bot:manage, deployment:write, session:read and environment:read."
    private static let unreachable = "Check its `url`, `caFile` and the network."

    private func check(_ what: String, _ request: PlatformRequest, _ platform: any Platform) async -> DoctorShape.Check
    {
        let name = "platform \(settings.name)"
        switch await platform.perform(request, renewCredentials: false).result {
        case .success: return good(name, "\(what) can be read")
        case .failure(let failure):
            switch failure.kind {
            case .notFound where request.operation != "listDeployments": return good(name, "\(what) can be read")
            case .unauthorized:
                return bad(name, "\(what): \(failure.message)", "Check the credential of `platforms.\(settings.name)`.")
            case .forbidden:
                return bad(name, "\(what): \(failure.message)", Self.grant)
            case .rateLimited:
                return bad(name, "\(what): \(failure.message)", "Lower `rateLimit` of this platform, or wait.")
            case .notSent, .lost: return bad(name, "\(what): \(failure.message)", Self.unreachable)
            case .notFound, .invalid, .conflict, .unclear, .unsupported:
                return bad(name, "\(what): \(failure.message)", "Check that `url` is the base of the platform's API.")
            }
        }
    }
}
