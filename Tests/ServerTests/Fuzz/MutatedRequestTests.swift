import Domain
import Foundation
import Glibc
import NIOCore
import Reconciler
import Support
import Testing

@testable import Server

@Suite("Ten thousand requests that went wrong", .timeLimit(.minutes(3)))
struct MutatedRequestTests {
    private static let senders = 16
    /// Another one each time; `BALLAST_FUZZ_SEED` plays one again.
    private static let seed =
        ProcessInfo.processInfo.environment["BALLAST_FUZZ_SEED"].flatMap { UInt64($0) }
        ?? UInt64.random(in: 1...(1 << 32))

    private func residentBytes() -> Int {
        let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        return (text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * sysconf(Int32(_SC_PAGESIZE))
    }

    private func openFiles() -> Int {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? 0
    }

    /// Sends, ends its side, and reads to the end: an exchange that hangs ends the test by its time limit.
    private func exchange(_ stage: ServerStage, _ pieces: [[UInt8]]) async throws -> String {
        try await RawConnection.with(stage.port) { connection in
            do {
                for piece in pieces {
                    try await connection.send(piece)
                    if pieces.count > 1 { await Task.yield() }
                }
                connection.finish()
            } catch is ChannelError {
                // The server answered and closed before all was sent.
            } catch is IOError {}
            do { return try await connection.rest() } catch is IOError { return connection.unreadText }
        }
    }

    private func send(
        _ count: Int, _ credentials: RequestMutator.Credentials, to stage: ServerStage, seed: UInt64
    ) async throws -> [Int: Int] {
        try await withThrowingTaskGroup(of: [Int: Int].self) { group in
            for sender in 0..<Self.senders {
                group.addTask {
                    var statuses: [Int: Int] = [:]
                    var mutator = try RequestMutator(seed: seed &+ UInt64(sender) &* 7919, credentials: credentials)
                    for number in 0..<(count / Self.senders) {
                        let seconds = stage.desk.clock.now().wall.milliseconds / 1000
                        let pieces = mutator.next(at: seconds)
                        let text = try await exchange(stage, pieces)
                        for status in Self.statuses(in: text) {
                            statuses[status, default: 0] += 1
                            guard status >= 500, ![502, 503].contains(status) else { continue }
                            let sent = String(decoding: pieces.joined().prefix(500), as: UTF8.self)
                            Issue.record("seed \(seed), sender \(sender), request \(number): \(status) for \(sent)")
                        }
                    }
                    return statuses
                }
            }
            return try await group.reduce(into: [:]) { all, some in all.merge(some) { $0 + $1 } }
        }
    }

    private static func statuses(in text: String) -> [Int] {
        text.components(separatedBy: "HTTP/1.1 ").dropFirst().compactMap { Int($0.prefix(3)) }
    }

    @Test("none ends or hangs the server, none that is not authenticated leads to a look, and memory stays flat")
    func mutated() async throws {
        let seed = Self.seed
        try await ServerStage.run(
            requestTimeout: .seconds(2), commentInterval: .milliseconds(100),
            prepare: { $0.commit(["a"], version: "v1") },
            { stage in
                try await stage.settled()
                let looks = stage.world.looks
                var statuses = try await send(2_000, .none, to: stage, seed: seed)
                let (memory, files) = (residentBytes(), openFiles())
                statuses.merge(try await send(5_000, .none, to: stage, seed: seed &+ 1)) { $0 + $1 }
                #expect(stage.world.looks == looks, "seed \(seed)")
                let isWished = await stage.desk.reconciler.look { $0.isPassing }
                #expect(!isWished, "seed \(seed)")
                let valid = try await send(3_000, .valid, to: stage, seed: seed &+ 2)
                #expect(!stage.log.all.contains { $0.contains("request failed") }, "seed \(seed)")
                // What is sent goes all the way: each kind of answer was given.
                for status in [200, 400, 401, 404, 405, 431] {
                    #expect(statuses[status] ?? 0 > 0, "\(status), seed \(seed)")
                }
                for status in [200, 202, 400, 403, 404, 415] {
                    #expect(valid[status] ?? 0 > 0, "\(status), seed \(seed)")
                }
                #expect(statuses[202] == nil, "seed \(seed)")
                try await eventually("all connections are closed, seed \(seed)") { openFiles() <= files + 4 }
                let growth = residentBytes() - memory
                #expect(growth < 48 << 20, "seed \(seed): \(growth) bytes")
                #expect(try await stage.get("/healthz", token: nil).status == 200)
                #expect(try await stage.get("/api/v1/bots").status == 200)
            })
    }

    @Test("a thousand connections that send next to nothing hold up nobody, and are let go")
    func slowSenders() async throws {
        try await ServerStage.run(requestTimeout: .seconds(2)) { stage in
            try await stage.settled()
            let files = openFiles()
            try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<1_000 {
                    group.addTask {
                        try await RawConnection.with(stage.port) { connection in
                            try await connection.send(
                                number % 2 == 0 ? "GET /heal" : "POST /hooks/generic HTTP/1.1\r\nHost:")
                            return try await connection.answer().status
                        }
                    }
                }
                #expect(try await stage.get("/healthz", token: nil).status == 200)
                for try await status in group { #expect(status == 408) }
            }
            try await eventually("all connections are closed") { openFiles() <= files + 4 }
        }
    }
}

extension RawConnection {
    /// What came before the connection broke.
    var unreadText: String { unread.getString(at: unread.readerIndex, length: unread.readableBytes) ?? "" }
}
