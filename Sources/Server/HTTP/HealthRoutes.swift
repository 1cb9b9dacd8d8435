import Domain
import HTTPTypes
import Hummingbird
import Reconciler

/// For load balancers, kubelets and scrapers: no token, nothing secret.
struct HealthRoutes: Sendable {
    let desk: Desk

    func add(to router: Router<ServerContext>) {
        router.only(.get, "/healthz") { _, _ in try await health() }
        router.only(.get, "/readyz") { _, _ in try await readiness() }
        router.only(.get, "/metrics") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: try await MetricsText(desk: desk).text())))
        }
    }

    private struct Health: Encodable {
        var alive: Bool
    }

    private func health() async throws -> Response {
        let isAlive = await desk.reconciler.isAlive(at: desk.clock.now())
        return try JSONText.response(Health(alive: isAlive), status: isAlive ? .ok : .serviceUnavailable)
    }

    struct Readiness: Encodable, Sendable {
        var ready: Bool
        /// Why not.
        var reasons: [String]
        /// What cannot be reached now; it does not make the server unready.
        var away: [String]

        init(_ engine: Engine) {
            var missing: [String] = []
            if engine.source.accepted == nil { missing.append("the repository was not read yet") }
            if engine.fleet.firstLookAt == nil { missing.append("no platform was reached yet") }
            reasons = missing
            ready = missing.isEmpty
            let source = engine.source.unreachable.map { ["source: \($0)"] } ?? []
            away =
                source
                + engine.platforms.values.compactMap { one in
                    one.unreachable.map { "platform \(one.name): \($0)" }
                }.sorted()
        }
    }

    private func readiness() async throws -> Response {
        let found = await desk.reconciler.look { Readiness($0) }
        return try JSONText.response(found, status: found.ready ? .ok : .serviceUnavailable)
    }
}
