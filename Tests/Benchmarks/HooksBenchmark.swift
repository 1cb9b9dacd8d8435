import Foundation
import Simulator
import Synchronization

extension Benchmarks {
    static let leastDeliveriesPerSecond = 5000.0
    static let warmUpSeconds = 4
    static let maxGrowthMegabytes = 8.0

    /// Signed deliveries as fast as two threads can send them, each on many kept connections.
    static func hooks(seconds: Int, _ claims: Claims) async throws {
        try await withFolder { folder in
            try await runSimulator { platform, _ in
                let more = """
                    logging: {level: info, format: json}
                    \(try HookRequest.configuration(in: folder))
                    """
                let stage = try await Stage.make(10, in: folder, platform: platform, more: more)
                try await stage.commit(version: "v_1", bots: 0..<10, message: "begin")
                let daemon = try await Daemon(stage)
                let hook = try HookRequest(repository: stage.remote)
                say(
                    "signed deliveries of \(hook.bodyBytes) bytes, 2 threads with \(HookSender.connections) connections each,"
                        + " \(seconds) s after \(warmUpSeconds) s of warming up")
                _ = try await HookSender.run(hook, port: daemon.port, seconds: warmUpSeconds)
                let (memory, looks) = (daemon.residentMegabytes, try await daemon.looks())
                let processor = daemon.processorSeconds
                let sums = try await HookSender.run(hook, port: daemon.port, seconds: seconds)
                let used = daemon.processorSeconds - processor
                let after = daemon.residentMegabytes
                try await Task.sleep(for: .seconds(2))
                let looked = try await daemon.looks() - looks
                let rate = Double(sums.accepted) / sums.seconds
                say(
                    "  \(rate.text(0)) a second (\(sums.accepted) of \(sums.sent) answered 202); slowest answer"
                        + " \((sums.slowest * 1000).text(0)) ms; the daemon's processor time \((used * 1e6 / Double(max(1, sums.sent))).text(0)) µs each"
                )
                say("  looks: \(looked); memory \(memory.text(1)) MB before and \(after.text(1)) MB after")
                claims.expect(sums.accepted == sums.sent, "every one was verified and answered 202")
                claims.expect(rate >= leastDeliveriesPerSecond, "at least 5,000 a second")
                claims.expect(sums.slowest < 1, "each answered within 1 s")
                claims.expect((1...seconds + 3).contains(looked), "coalesced into a handful of looks")
                claims.expect(after - memory < maxGrowthMegabytes, "memory flat: grew \((after - memory).text(1)) MB")
                let status = try daemon.stop()
                claims.expect(status == 0, "the daemon ended with \(status)")
            }
        }
    }
}

/// Sends in rounds: one request on each connection, then all answers, so that a thread costs little besides the calls.
enum HookSender {
    static let threads = 2
    static let connections = 32

    struct Sums: Sendable {
        var sent = 0
        var accepted = 0
        /// From sending until the answer was read.
        var slowest = 0.0
        var seconds = 0.0
    }

    static func run(_ hook: HookRequest, port: Int, seconds: Int) async throws -> Sums {
        let bytes = hook.bytes(delivery: String(repeating: "0", count: 36))
        return try await withThrowingTaskGroup(of: Sums.self) { group in
            for _ in 0..<threads {
                group.addTask {
                    try await withCheckedThrowingContinuation { continuation in
                        Thread { continuation.resume(with: Result { try rounds(bytes, port, seconds) }) }.start()
                    }
                }
            }
            var whole = Sums()
            for try await part in group {
                whole.sent += part.sent
                whole.accepted += part.accepted
                whole.slowest = max(whole.slowest, part.slowest)
                whole.seconds = max(whole.seconds, part.seconds)
            }
            return whole
        }
    }

    private static func rounds(_ request: [UInt8], _ port: Int, _ seconds: Int) throws -> Sums {
        let sockets = try (0..<connections).map { _ in try LoopbackSocket(port: port) }
        let blank = Array("X-GitHub-Delivery: ".utf8)
        guard let place = request.firstRange(of: blank)?.upperBound else {
            throw Child.Failure(description: "the request has no delivery id")
        }
        var bytes = request
        var sums = Sums()
        let start = ContinuousClock.now
        let end = start + .seconds(seconds)
        var begun = [ContinuousClock.Instant](repeating: start, count: sockets.count)
        while ContinuousClock.now < end {
            for (number, socket) in sockets.enumerated() {
                let id = UUID().uuidString.utf8
                bytes.replaceSubrange(place..<place + id.count, with: id)
                begun[number] = .now
                try socket.send(bytes)
                sums.sent += 1
            }
            for (number, socket) in sockets.enumerated() {
                if try socket.receiveStatus() == 202 { sums.accepted += 1 }
                sums.slowest = max(sums.slowest, (ContinuousClock.now - begun[number]).milliseconds / 1000)
            }
        }
        sums.seconds = (ContinuousClock.now - start).milliseconds / 1000
        return sums
    }
}
