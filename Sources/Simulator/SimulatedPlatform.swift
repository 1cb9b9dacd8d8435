package import Domain
import Foundation
import Hummingbird
import Synchronization

/// A bot platform `v1` on loopback that behaves, and misbehaves on demand.
///
/// The world is a value behind one lock, asked with the time as an argument, so that a job or a session that comes
/// and goes costs nothing while nobody looks. The same seed, rules and order of requests give the same answers.
package final class SimulatedPlatform: Sendable {
    private let world: Mutex<World>
    private let server = LoopbackServer()
    private let changes = ChangeSignal()
    private let clock: WallClock

    package init(options: SimulatorOptions = SimulatorOptions()) {
        world = Mutex(World(options: options))
        clock = WallClock()
    }

    /// Begins to listen on 127.0.0.1.
    /// - Parameter port: 0 lets the system choose; the port of an earlier run lets the platform come back.
    /// - Returns: The address, without a trailing slash.
    /// - Throws: `SimulatorError`.
    @discardableResult
    package func start(port: Int = 0) async throws -> String {
        let bound = try await server.start(port: port) { request, context in
            try await self.respond(to: request, on: context)
        }
        return "http://127.0.0.1:\(bound)"
    }

    /// Stops listening and closes every connection. The world stays as it is, so that `start` makes the same platform
    /// reachable again.
    package func shutdown() async { await server.shutdown() }

    package var port: Int? { server.port }

    /// Where it listens.
    /// - Throws: `SimulatorError` `notRunning`.
    package var url: String {
        get throws {
            guard let port = server.port else { throw SimulatorError(.notRunning, "the platform is not running") }
            return "http://127.0.0.1:\(port)"
        }
    }

    /// The platform's own time: the wall clock at its start, elapsed time since, and what was skipped.
    package var now: Timestamp { look { _, now in now } }

    /// Moves the platform's time ahead: jobs end, sessions come and go, tokens expire, rate limits pass. Whoever wants to
    /// see a course of events step by step gives it minutes and skips them.
    package func skip(_ span: Span) {
        change { world, _ in world.skipped = .milliseconds(world.skipped.milliseconds + span.milliseconds) }
    }

    /// Every change of the world; whoever waits for something looks again afterwards.
    func change<Result: Sendable>(_ body: (inout sending World, Timestamp) -> Result) -> Result {
        let result = look(body)
        changes.signal()
        return result
    }

    /// For those who only look: what ended meanwhile may be settled, which wakes nobody.
    func look<Result: Sendable>(_ body: (inout sending World, Timestamp) -> Result) -> Result {
        world.withLock { world in body(&world, clock.now.advanced(by: world.skipped)) }
    }

    /// Waits until `condition` holds of the requests so far.
    /// - Throws: `SimulatorError` `timedOut`.
    package func wait(
        for what: String, limit: Span = SimulatorLimits.defaultWait,
        until condition: @escaping @Sendable (SimulatedPlatform) -> Bool
    ) async throws {
        try await changes.wait(for: what, limit: limit) { condition(self) }
    }

    /// Waits until so many requests of an operation have come since the last reset of the counters.
    package func waitForRequests(
        _ operation: PlatformOperation, count: Int, limit: Span = SimulatorLimits.defaultWait
    ) async throws {
        try await wait(for: "\(count) times \(operation.rawValue)", limit: limit) {
            $0.counters.count(operation) >= count
        }
    }

    private func respond(to request: Request, on context: LoopbackContext) async throws -> Response {
        if request.uri.path.hasPrefix(ControlSurface.prefix) {
            return try await ControlSurface(platform: self).respond(to: request)
        }
        guard let buffer = try? await request.body.collect(upTo: SimulatorLimits.maxRequestBodyBytes) else {
            return Response(status: .contentTooLarge, headers: [.connection: "close"])
        }
        let call = Call(request, body: Array(buffer.readableBytesView))
        let admission = change { world, now in world.admit(call, now: now) }
        let exchange = Exchange(platform: self, call: call, admission: admission, channel: context.channel)
        do {
            let response = try await exchange.play()
            end(admission, status: response.status.code)
            return response
        } catch {
            end(admission, status: 0)
            throw error
        }
    }

    private func end(_ admission: Admission, status: Int) {
        change { world, _ in world.log.end(admission.ticket, status: status) }
    }
}

/// A wall clock that nobody can set: it is read once, then follows the monotonic clock.
struct WallClock: Sendable {
    private let start = ContinuousClock.now
    private let wall = Int64(Date().timeIntervalSince1970 * 1000)

    var now: Timestamp {
        let passed = (ContinuousClock.now - start).components
        return Timestamp(milliseconds: wall + passed.seconds * 1000 + passed.attoseconds / 1_000_000_000_000_000)
    }
}
