package import Domain
import Hummingbird
import Synchronization

/// A receiver of webhooks on loopback: keeps what it gets, checks signatures on its own, and misbehaves on demand.
package final class SimulatedSink: Sendable {
    private struct State: Sendable {
        var deliveries: [ReceivedDelivery] = []
        var faults: [(fault: SinkFault, seen: Int, hits: Int)] = []
        /// How often the event with that id met a fault that counts by event.
        var hitsOfEvents: [String: Int] = [:]
        var secrets: [String]
    }

    private let state: Mutex<State>
    private let server = LoopbackServer()
    private let changes = ChangeSignal()
    private let clock = WallClock()

    /// - Parameter secrets: As the sender has them (`whsec_…`); with any, a delivery that none of them signed is
    ///   answered with 401. Without, signatures are not looked at.
    package init(secrets: [String] = []) {
        state = Mutex(State(secrets: secrets))
    }

    /// - Parameter port: 0 lets the system choose.
    /// - Returns: An address that takes deliveries; every other path does, too.
    /// - Throws: `SimulatorError`.
    @discardableResult
    package func start(port: Int = 0) async throws -> String {
        let bound = try await server.start(port: port) { request, context in
            try await self.receive(request, on: context)
        }
        return "http://127.0.0.1:\(bound)/hook"
    }

    package func shutdown() async { await server.shutdown() }

    package var port: Int? { server.port }

    /// - Throws: `SimulatorError` `notRunning`.
    package var url: String {
        get throws {
            guard let port = server.port else { throw SimulatorError(.notRunning, "the sink is not running") }
            return "http://127.0.0.1:\(port)/hook"
        }
    }

    /// Every attempt, in the order of arrival.
    package var attempts: [ReceivedDelivery] { state.withLock { $0.deliveries } }

    /// What was answered with 2xx.
    package var accepted: [ReceivedDelivery] { attempts.filter(\.isAccepted) }

    package func add(_ fault: SinkFault) { state.withLock { $0.faults.append((fault, 0, 0)) } }
    package func clearFaults() {
        state.withLock { state in
            state.faults.removeAll()
            state.hitsOfEvents.removeAll()
        }
    }
    package func setSecrets(_ secrets: [String]) { state.withLock { $0.secrets = secrets } }
    package func forget() { state.withLock { $0.deliveries.removeAll() } }

    /// - Returns: The accepted deliveries, once there are at least `count`.
    /// - Throws: `SimulatorError` `timedOut`.
    @discardableResult
    package func waitForDeliveries(count: Int, limit: Span = SimulatorLimits.defaultWait) async throws
        -> [ReceivedDelivery]
    {
        try await wait(for: "\(count) accepted deliveries", limit: limit) {
            $0.count(where: \.isAccepted) >= count
        }
        return accepted
    }

    @discardableResult
    package func waitForAttempts(count: Int, limit: Span = SimulatorLimits.defaultWait) async throws
        -> [ReceivedDelivery]
    {
        try await wait(for: "\(count) attempts", limit: limit) { $0.count >= count }
        return attempts
    }

    /// Waits until `condition` holds of all attempts so far.
    package func wait(
        for what: String, limit: Span = SimulatorLimits.defaultWait,
        until condition: @escaping @Sendable ([ReceivedDelivery]) -> Bool
    ) async throws {
        try await changes.wait(for: what, limit: limit) { condition(self.attempts) }
    }

    private func receive(_ request: Request, on context: LoopbackContext) async throws -> Response {
        // Whoever only asks whether somebody is here delivers nothing.
        guard request.method == .post else { return response(405, headers: ["Allow": "POST"]) }
        let fault = nextFault(path: request.uri.path, event: Self.event(of: request))
        if fault == .dropBeforeReading {
            try? await context.channel.close()
            throw ConnectionDropped()
        }
        guard let buffer = try? await request.body.collect(upTo: SimulatorLimits.maxRequestBodyBytes) else {
            return Response(status: .contentTooLarge, headers: [.connection: "close"])
        }
        let body = Array(buffer.readableBytesView)
        var headers: [String: String] = [:]
        for field in request.headers { headers[field.name.canonicalName] = field.value }
        let secrets = state.withLock { $0.secrets }
        let signature = StandardWebhook.verify(
            headers: headers, body: body, secrets: secrets, nowSeconds: Int(clock.now.milliseconds / 1000))
        let delivery = ReceivedDelivery(
            at: clock.now, method: request.method.rawValue, path: request.uri.path, headers: headers, body: body,
            signature: signature, status: 0)
        return try await answer(delivery, fault: fault, on: context)
    }

    /// Records the delivery with the status that it is about to get.
    private func answer(_ delivery: ReceivedDelivery, fault: SinkFault.Action?, on context: LoopbackContext)
        async throws -> Response
    {
        switch fault {
        case .respond(let status, let retryAfter):
            keep(delivery, status: status)
            return response(status, headers: retryAfter.map { ["Retry-After": $0] } ?? [:])
        case .redirect(let target):
            keep(delivery, status: 307)
            return response(307, headers: ["Location": target])
        case .hang:
            keep(delivery, status: 0)
            try await Task.sleep(for: .milliseconds(SimulatorLimits.maxHang.milliseconds))
            throw ConnectionDropped()
        case .drop, .dropBeforeReading:
            keep(delivery, status: 0)
            try? await context.channel.close()
            throw ConnectionDropped()
        case .endless:
            keep(delivery, status: 200)
            return BodyFault.endless.response()
        case .delay(let milliseconds):
            try await Task.sleep(for: .milliseconds(milliseconds))
            return accept(delivery)
        case nil: return accept(delivery)
        }
    }

    private func accept(_ delivery: ReceivedDelivery) -> Response {
        let status =
            switch delivery.signature {
            case .valid, .unchecked: 204
            case .absent, .invalid: 401
            }
        keep(delivery, status: status)
        return response(status)
    }

    private func response(_ status: Int, headers: [String: String] = [:]) -> Response {
        var fields = HTTPFields()
        for (name, value) in headers { fields.set(name, to: value) }
        return Response(status: HTTPResponse.Status(code: status), headers: fields)
    }

    private func keep(_ delivery: ReceivedDelivery, status: Int) {
        var delivery = delivery
        delivery.status = status
        state.withLock { state in
            if state.deliveries.count >= SimulatorLimits.maxKeptDeliveries { state.deliveries.removeFirst() }
            state.deliveries.append(delivery)
        }
        changes.signal()
    }

    private static func event(of request: Request) -> String {
        request.headers.first { $0.name.canonicalName == "webhook-id" }?.value ?? ""
    }

    private func nextFault(path: String, event: String) -> SinkFault.Action? {
        state.withLock { state in
            for index in state.faults.indices {
                let (fault, _, hits) = state.faults[index]
                if let wanted = fault.path, wanted != path { continue }
                if let times = fault.times, hits >= times { continue }
                if let most = fault.timesPerEvent {
                    guard state.hitsOfEvents[event, default: 0] < most else { continue }
                    state.hitsOfEvents[event, default: 0] += 1
                }
                state.faults[index].seen += 1
                guard state.faults[index].seen > fault.skip else { continue }
                state.faults[index].hits += 1
                return fault.action
            }
            return nil
        }
    }
}
