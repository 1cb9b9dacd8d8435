import Domain
import Exchange
import Notifications
import Store
import Wire

/// Whether a sink could be sent to, and what the state knows of it. Nothing is delivered.
struct SinkExamination: Sendable {
    var settings: SinkSettings
    var secrets: any Secrets
    /// Path of the state.
    var state: String

    private static let maxDead = StateReader.maxRows

    private var what: String { "sink \(settings.name)" }

    func check() async -> DoctorShape.Check {
        let connections = Connections()
        let trouble: Result<String?, ExchangeError>
        do throws(ExchangeError) {
            trouble = .success(
                try await SinkFactory.trouble(settings, secrets: secrets, connections: connections))
        } catch {
            trouble = .failure(error)
        }
        await connections.shutdown()
        switch trouble {
        case .failure(let error):
            return bad(what, error.description, "Correct `notifications.\(settings.name)` in the configuration.")
        case .success(let reason?):
            return bad(what, reason, "Check its `url`, `caFile` and the network; events wait meanwhile.")
        case .success(nil): return await remembered()
        }
    }

    /// A state that cannot be read has a check of its own.
    private func remembered() async -> DoctorShape.Check {
        let signed = settings.secrets.isEmpty ? "its events are not signed" : "its events are signed"
        guard let reader = try? await StateReader.open(path: state),
            let trouble = try? await reader.troubles(sinks: [settings.name]).first(where: { $0.subject == what })
        else { return good(what, "answers; \(signed)\(await givenUp())") }
        return bad(what, trouble.message, trouble.remedy)
    }

    private func givenUp() async -> String {
        guard let reader = try? await StateReader.open(path: state) else { return "" }
        let dead = (try? await reader.deliveries(status: .dead, sink: settings.name, limit: Self.maxDead))?.count ?? 0
        return dead == 0 ? "" : "; given up: \(dead), see `ballast notifications list --status dead`"
    }
}
