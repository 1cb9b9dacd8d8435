import Domain
import Foundation
import Simulator
import Support

extension Benchmarks {
    static let maxPushMilliseconds = 150.0

    /// From the delivery of a push webhook to the deployment's arrival at the platform, one bot of many changed.
    static func push(_ count: Int, times: Int, _ claims: Claims) async throws {
        for transport in GitServer.Transport.allCases {
            try await withFolder { folder in
                let server = try await GitServer(transport, in: folder)
                try await runSimulator { platform, _ in
                    let more = """
                        logging: {level: debug, format: json}
                        \(try HookRequest.configuration(in: folder))
                        """
                    let stage = try await Stage.make(
                        count, in: folder, platform: platform, url: server.address, more: more)
                    try await stage.commit(version: "v_1", bots: 0..<count, message: "begin")
                    let course = try await PushCourse(stage, server)
                    var trips: [PushTrip] = []
                    for number in 0..<times { trips.append(try await course.trip(number)) }
                    let status = try course.daemon.stop()
                    show(trips, transport, count, claims)
                    claims.expect(status == 0, "the daemon ended with \(status)")
                }
            }
        }
    }

    private static func show(
        _ trips: [PushTrip], _ transport: GitServer.Transport, _ count: Int, _ claims: Claims
    ) {
        say("push to trigger over \(transport.rawValue)://, one bot of \(count), \(Stage.Limits().words)")
        let whole = trips.map(\.total)
        say(
            "  webhook → POST: median \(whole.median.text(0)) ms of \(trips.count) (least \((whole.min() ?? 0).text(0)),"
                + " most \((whole.max() ?? 0).text(0)))")
        let parts = PushTrip.partNames.enumerated().map { position, name in
            "\(name) \(trips.map { $0.parts[position] }.median.text(0))"
        }
        say("  medians of its parts in ms: \(parts.joined(separator: ", "))")
        say("  plain `git fetch` of the same commit: median \(trips.map(\.gitFetch).median.text(0)) ms")
        if transport == .git {
            claims.expect(
                whole.median < maxPushMilliseconds, "under \(maxPushMilliseconds.text(0)) ms, median of \(trips.count)")
        }
    }
}

/// One push, in milliseconds.
struct PushTrip {
    static let partNames = ["hook", "look", "fetch", "read", "observe", "guards"]

    /// They sum up to `total`.
    var parts: [Double]
    var gitFetch: Double
    var total: Double { parts.reduce(0, +) }
}

/// Pushes to one repository and watches the daemon follow.
struct PushCourse {
    let stage: Stage
    let daemon: Daemon
    private let hook: HookRequest
    private let socket: LoopbackSocket

    init(_ stage: Stage, _ server: GitServer) async throws {
        self.stage = stage
        // What plain git is measured with.
        try await stage.git(["clone", "-q", "--bare", server.address, "plain.git"], in: ".")
        try await stage.git(["config", "remote.origin.fetch", "+refs/heads/*:refs/heads/*"], in: "plain.git")
        hook = try HookRequest(repository: server.address)
        daemon = try await Daemon(stage)
        socket = try LoopbackSocket(port: daemon.port)
    }

    /// The daemon looks at most once a second; what came just before would be measured too.
    private static let rest = Duration.milliseconds(1200)
    private static let limit = Span.seconds(10)

    func trip(_ number: Int) async throws -> PushTrip {
        try await Task.sleep(for: Self.rest)
        let version = number % 2 == 0 ? "v_0" : "v_2"
        try await stage.commit(version: version, bots: number..<number + 1, message: "Roll bot \(number)")
        stage.platform.resetCounters()
        let known = daemon.log.count
        let sent = stage.platform.now
        try socket.send(hook.bytes(delivery: UUID().uuidString))
        let answer = try socket.receive()
        guard answer.status == 202 else {
            throw Child.Failure(description: "the hook was answered with \(answer.status): \(answer.body)")
        }
        try await stage.platform.waitForRequests(.createDeployment, count: 1, limit: Self.limit)
        let requests = stage.platform.requests
        try await stage.platform.wait(for: "bot \(number) to serve \(version)", limit: Self.limit) { platform in
            platform.servedVersion(of: Stage.bot(number)) == version
        }
        let begun = ContinuousClock.now
        try await stage.git(["fetch", "-q"], in: "plain.git")
        let fetched = (ContinuousClock.now - begun).milliseconds
        let parts = try parts(Array(daemon.log.dropFirst(known)), requests, sent: sent)
        return PushTrip(parts: parts, gitFetch: fetched)
    }

    private func parts(_ log: [LogLine], _ requests: [RequestRecord], sent: Timestamp) throws -> [Double] {
        guard let look = log.first(where: { $0.performed == "look" && $0.transferMilliseconds != nil }),
            let read = log.first(where: { $0.performed == "read" }),
            let feed = log.first(where: { $0.performed == "listDeployments" }),
            let post = requests.first(where: { $0.operation == .createDeployment })
        else { throw Child.Failure(description: "the log does not tell of a look, a reading and an observation") }
        let transfer = look.transferMilliseconds.flatMap { Double($0) } ?? 0
        let marks = [
            Double(sent.milliseconds), look.end - look.span, look.end - transfer, look.end, read.end, feed.end,
            Double(post.at.milliseconds),
        ]
        return zip(marks.dropFirst(), marks).map { $0 - $1 }
    }
}

extension Duration {
    var milliseconds: Double { Double(components.seconds) * 1e3 + Double(components.attoseconds) * 1e-15 }
}

extension LogLine {
    /// Milliseconds since 1970.
    var end: Double { Double(Timestamp(iso8601: time)?.milliseconds ?? 0) }
}
