import Domain
import Exchange
import Foundation
import Server
import Wire

/// The `server` section against the world: who may ask, who may push, and whether it can listen.
struct ServerExamination: Sendable {
    typealias Check = DoctorShape.Check

    var settings: ServerSettings
    var secrets: any Secrets

    /// Shorter ones can be guessed.
    static let minSecretCharacters = 16
    private static let newSecret = "Make one that cannot be guessed: `openssl rand -hex 32`."

    func checks() async throws -> [Check] {
        tokenChecks() + hookChecks() + [try await listening()]
    }

    private func tokenChecks() -> [Check] {
        guard !settings.tokens.isEmpty else {
            return [good("tokens", "none: looking is open on \(settings.host), and nothing is decided over HTTP")]
        }
        var owners: [String: String] = [:]
        return settings.tokens.map { token in
            let what = "token \(token.name)"
            for value in readable(token.secrets) {
                if let other = owners[value], other != token.name {
                    return bad(
                        what, "is the same as token \(other)", "Give each its own, so that records tell them apart.")
                }
                owners[value] = token.name
                if value.count < Self.minSecretCharacters { return bad(what, Self.short(value), Self.newSecret) }
            }
            return good(what, "has role \(token.role.rawValue)")
        }
    }

    private func hookChecks() -> [Check] {
        guard !settings.hooks.isEmpty else {
            return [good("hooks", "none: the repository is looked at every `source.interval`")]
        }
        return settings.hooks.sorted { $0.key.rawValue < $1.key.rawValue }.map { provider, hook in
            let what = "hook \(provider.rawValue)"
            for value in readable(hook.secrets) {
                if value.hasPrefix("whsec_"), Data(base64Encoded: String(value.dropFirst(6))) == nil {
                    return bad(what, "`whsec_` is not followed by base64", "Copy the secret anew from the forge.")
                }
                if value.count < Self.minSecretCharacters { return bad(what, Self.short(value), Self.newSecret) }
            }
            let more = hook.secrets.count > 1 ? ", \(hook.secrets.count) secrets: a rotation is under way" : ""
            return good(what, "pushes are taken at /hooks/\(provider.rawValue)\(more)")
        }
    }

    /// What cannot be read is a line of its own already.
    private func readable(_ references: [SecretReference]) -> [String] {
        references.compactMap { try? secrets.read($0).reveal() }
    }

    private static func short(_ value: String) -> String {
        "has \(value.count) characters, fewer than \(minSecretCharacters)"
    }

    private func listening() async throws -> Check {
        let (host, port) = (settings.host, settings.port)
        let place = "\(host):\(port)"
        guard let failure = try await offPool({ ListenProbe.failure(host: host, port: port) }) else {
            return good("listening", port == 0 ? "\(host), at a port that the system chooses" : "\(place) is free")
        }
        if failure.cause == .portInUse, await isOurs() { return good("listening", "a server answers at \(place)") }
        return bad("listening", failure.description, failure.remedy ?? "Set `server.host` and `server.port`.")
    }

    /// A `ballast serve` that runs already, most likely with this configuration.
    private func isOurs() async -> Bool {
        let host = ["0.0.0.0", "::"].contains(settings.host) ? "127.0.0.1" : settings.host
        guard let address = try? WebAddress("http://\(host):\(settings.port)", allowsQuery: false),
            let server = try? RemoteServer(address, token: nil, tokenPath: nil, caFile: nil)
        else { return false }
        let answer = try? await server.closing { try await server.open("/healthz").get() }
        return answer.map { String(decoding: $0.body, as: UTF8.self).contains("\"alive\"") } ?? false
    }
}

/// A running server as a caller meets it.
struct RemoteExamination: Sendable {
    let server: RemoteServer

    func checks() async -> [DoctorShape.Check] {
        let what = "server"
        switch await server.open("/readyz") {
        case .failure(let failure):
            let refusal = RemoteFailure.notReached(server, failure, isChange: false).failure
            return [bad(what, refusal.message, refusal.remedy ?? "Check the address.")]
        case .success(let answer):
            guard let state = try? ForeignJSON.decode(Readiness.self, from: answer.body) else {
                let remedy = "Check that the address is that of a `ballast serve`."
                return [bad(what, "\(server.shown) answered \(answer.status), not as Ballast does", remedy)]
            }
            return [readiness(state), await token()]
        }
    }

    private struct Readiness: Decodable {
        var ready: Bool
        var reasons: [String]
        var away: [String]
    }

    private func readiness(_ state: Readiness) -> DoctorShape.Check {
        let troubles = (state.reasons + state.away).map { UntrustedText.cleaned($0) }.joined(separator: "; ")
        guard state.ready, state.away.isEmpty else {
            return bad(
                "server", "\(server.shown): \(troubles)", "Its log says more; `ballast doctor` there looks closer.")
        }
        return good("server", "\(server.shown) is ready")
    }

    private func token() async -> DoctorShape.Check {
        do {
            let caller: CallerShape = try await server.get(["caller"])
            guard caller.decides else {
                return good("token", "none is needed to look; nothing is decided over HTTP without `server.tokens`")
            }
            return good("token", "\(UntrustedText.cleaned(caller.name)) has role \(caller.role)")
        } catch {
            let failure = CommandFailure(classifying: error)
            return bad("token", failure.message, failure.remedy ?? "Check the token.")
        }
    }
}
