import NIOCore
import NIOPosix
package import NIOSSL
import Synchronization

/// A server on a raw socket that does exactly what a test says: answer, answer half, fall silent, hang up.
package final class RawServer: Sendable {
    package struct Request: Sendable {
        package var method: String
        package var target: String
        /// Names in lower case.
        package var headers: [String: String]
        package var body: [UInt8]
        /// Which connection it came on, from 1.
        package var connection: Int

        package var text: String { String(decoding: body, as: UTF8.self) }
    }

    package enum Reply: Sendable {
        case send(String)
        case sendThenClose(String)
        case close
        /// Nothing more comes; ends when the client hangs up.
        case hang
        case sendThenHang(String)

        /// A whole answer with `Content-Length`.
        package static func http(
            _ status: Int, _ body: String = "", type: String? = "application/json", headers: [String] = []
        ) -> Reply {
            var lines = ["HTTP/1.1 \(status) X", "Content-Length: \(body.utf8.count)"]
            if let type { lines.append("Content-Type: \(type)") }
            return .send((lines + headers).joined(separator: "\r\n") + "\r\n\r\n" + body)
        }
    }

    /// What a test answers to each request.
    package struct Script: Sendable {
        let reply: @Sendable (Request) async -> Reply

        package init(_ reply: @escaping @Sendable (Request) async -> Reply) { self.reply = reply }
    }

    private struct Seen {
        var requests: [Request] = []
        var connections = 0
    }

    package let port: Int
    private let seen = Mutex(Seen())

    private init(port: Int) { self.port = port }

    package var requests: [Request] { seen.withLock { $0.requests } }
    package var connections: Int { seen.withLock { $0.connections } }
    package var url: String { "http://127.0.0.1:\(port)" }

    /// Runs `body` beside a server; when it returns, every connection is closed and the port is free again.
    /// - Parameter greeting: sent on every connection before anything was asked.
    package static func run<Result: Sendable>(
        tls: NIOSSLContext? = nil, greeting: String = "", _ script: Script,
        _ body: @Sendable (RawServer) async throws -> Result
    ) async throws -> Result {
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .bind(host: "127.0.0.1", port: 0) { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                    return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        let server = RawServer(port: listener.channel.localAddress?.port ?? 0)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.accept(listener, greeting, script) }
            let outcome: Swift.Result<Result, any Error>
            do {
                outcome = .success(try await body(server))
            } catch {
                outcome = .failure(error)
            }
            group.cancelAll()
            return try outcome.get()
        }
    }

    private func accept(
        _ listener: NIOAsyncChannel<NIOAsyncChannel<ByteBuffer, ByteBuffer>, Never>, _ greeting: String,
        _ script: Script
    ) async throws {
        try await withThrowingDiscardingTaskGroup { group in
            try await listener.executeThenClose { inbound in
                for try await connection in inbound {
                    let number = seen.withLock { seen in
                        seen.connections += 1
                        return seen.connections
                    }
                    // A client that breaks off is part of many tests.
                    group.addTask { try? await self.serve(connection, number, greeting, script) }
                }
            }
        }
    }

    private func serve(
        _ connection: NIOAsyncChannel<ByteBuffer, ByteBuffer>, _ number: Int, _ greeting: String, _ script: Script
    ) async throws {
        try await connection.executeThenClose { inbound, outbound in
            var pending: [UInt8] = []
            if !greeting.isEmpty { try await outbound.write(ByteBuffer(string: greeting)) }
            for try await buffer in inbound {
                pending += Array(buffer.readableBytesView)
                guard let request = RawServer.parse(&pending, connection: number) else { continue }
                seen.withLock { $0.requests.append(request) }
                switch await script.reply(request) {
                case .send(let text): try await outbound.write(ByteBuffer(string: text))
                case .sendThenClose(let text):
                    try await outbound.write(ByteBuffer(string: text))
                    return
                case .close: return
                case .hang: continue
                case .sendThenHang(let text): try await outbound.write(ByteBuffer(string: text))
                }
            }
        }
    }

    /// One whole request at the start of `pending`, which it is taken from.
    private static func parse(_ pending: inout [UInt8], connection: Int) -> Request? {
        let text = String(decoding: pending, as: UTF8.self)
        guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
        let head = text[..<end.lowerBound]
        let headBytes = head.utf8.count + 4
        var lines = head.split(separator: "\r\n")
        let first = lines.removeFirst().split(separator: " ")
        guard first.count == 3 else { return nil }
        var headers: [String: String] = [:]
        for line in lines {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] = String(line[line.index(after: colon)...].drop { $0 == " " })
        }
        let length = headers["content-length"].flatMap { Int($0) } ?? 0
        guard pending.count >= headBytes + length else { return nil }
        let body = Array(pending[headBytes..<headBytes + length])
        pending.removeFirst(headBytes + length)
        return Request(
            method: String(first[0]), target: String(first[1]), headers: headers, body: body, connection: connection)
    }
}
