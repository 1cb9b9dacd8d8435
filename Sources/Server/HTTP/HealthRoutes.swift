import Domain
import HTTPTypes
import Hummingbird
import Reconciler

/// For load balancers, kubelets and scrapers: no token, nothing secret.
struct HealthRoutes: Sendable {
    let desk: Desk

    func add(to routes: Routes) {
        routes.add(Self.health) { _ in try await health() }
        routes.add(Self.readiness) { _ in try await readiness() }
        routes.add(Self.metrics) { _ in
            Response(
                status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: try await MetricsText(desk: desk).text())))
        }
    }

    private static let health = Operation(
        method: .get, path: "/healthz", summary: "Alive: the loops made progress lately", needs: nil,
        answer: .json("Health"), problems: [.serviceUnavailable])
    private static let readiness = Operation(
        method: .get, path: "/readyz", summary: "Ready: the source and any platform were reached once", needs: nil,
        answer: .json("Readiness"), problems: [.serviceUnavailable])
    private static let metrics = Operation(
        method: .get, path: "/metrics", summary: "Prometheus metrics", needs: nil, answer: .text)

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
