import Foundation
import NIOCore
import NIOPosix
import Support

/// A TCP connection on which a test sends whatever bytes it likes.
struct RawConnection {
    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private(set) var unread = ByteBuffer()

    struct Answer: Sendable {
        var status: Int
        /// Names in lower case.
        var headers: [String: String]
        var body: String

        var json: [String: Any] {
            (try? JSONSerialization.jsonObject(with: Data(body.utf8))) as? [String: Any] ?? [:]
        }
    }

    enum Failure: Error {
        case closed
        case notHTTP(String)
        case tooSlow
    }

    static func with<Value: Sendable>(
        _ port: Int, _ body: @Sendable (inout RawConnection) async throws -> Value
    ) async throws -> Value {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(ChannelOptions.allowRemoteHalfClosure, value: true)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel,
                        configuration: .init(isOutboundHalfClosureEnabled: true))
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            var connection = RawConnection(inbound: inbound.makeAsyncIterator(), outbound: outbound)
            return try await body(&connection)
        }
    }

    private init(
        inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator,
        outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) {
        self.inbound = inbound
        self.outbound = outbound
    }

    /// For a task beside the one that reads.
    var sender: NIOAsyncChannelOutboundWriter<ByteBuffer> { outbound }

    func send(_ text: String) async throws { try await outbound.write(ByteBuffer(string: text)) }

    func send(_ bytes: [UInt8]) async throws { try await outbound.write(ByteBuffer(bytes: bytes)) }

    func finish() { outbound.finish() }

    /// - Returns: false where the other side sends nothing more.
    mutating func more() async throws -> Bool {
        guard var part = try await inbound.next(isolation: #isolation) else { return false }
        unread.writeBuffer(&part)
        return true
    }

    /// One whole answer; interim ones are passed over.
    mutating func answer(isHead: Bool = false) async throws -> Answer {
        while true {
            let found = try await next(isHead: isHead)
            if found.status >= 200 { return found }
        }
    }

    private mutating func next(isHead: Bool) async throws -> Answer {
        let head = try await text(upTo: "\r\n\r\n")
        var lines = head.split(separator: "\r\n").map(String.init)
        guard !lines.isEmpty else { throw Failure.notHTTP(head) }
        let words = lines.removeFirst().split(separator: " ")
        guard words.count >= 2, words[0] == "HTTP/1.1", let status = Int(words[1]) else { throw Failure.notHTTP(head) }
        var headers: [String: String] = [:]
        for line in lines {
            let pair = line.split(separator: ":", maxSplits: 1)
            guard pair.count == 2 else { throw Failure.notHTTP(line) }
            headers[pair[0].lowercased()] = pair[1].trimmingCharacters(in: .whitespaces)
        }
        var body = ""
        if isHead || status < 200 || status == 204 { return Answer(status: status, headers: headers, body: body) }
        if let text = headers["content-length"], let length = Int(text) {
            body = try await self.text(length)
        } else if headers["transfer-encoding"] == "chunked" {
            while true {
                let size = Int(try await text(upTo: "\r\n"), radix: 16) ?? 0
                body += try await text(size)
                _ = try await text(2)
                if size == 0 { break }
            }
        }
        return Answer(status: status, headers: headers, body: body)
    }

    mutating func text(upTo mark: String) async throws -> String {
        while true {
            let view = unread.readableBytesView
            if let range = view.firstRange(of: Array(mark.utf8)) {
                let text = String(decoding: view[..<range.lowerBound], as: UTF8.self)
                unread.moveReaderIndex(forwardBy: range.upperBound - view.startIndex)
                return text
            }
            guard try await more() else { throw Failure.closed }
        }
    }

    private mutating func text(_ length: Int) async throws -> String {
        while unread.readableBytes < length { guard try await more() else { throw Failure.closed } }
        return unread.readString(length: length) ?? ""
    }

    /// Until the other side closes.
    mutating func rest() async throws -> String {
        while try await more() {}
        return unread.readString(length: unread.readableBytes) ?? ""
    }
}

extension ServerStage {
    typealias Answer = RawConnection.Answer

    /// One request on a connection of its own.
    /// - Parameter token: `read`, `operate` or `admin`; nil: none is sent.
    func send(
        _ method: String, _ path: String, token: String? = nil, headers: [(String, String)] = [], body: [UInt8]? = nil
    ) async throws -> Answer {
        let request = Self.request(method, path, token: token, headers: headers, body: body)
        return try await RawConnection.with(port) { connection in
            try await connection.send(request)
            return try await connection.answer(isHead: method == "HEAD")
        }
    }

    func get(_ path: String, token: String? = "read", headers: [(String, String)] = []) async throws -> Answer {
        try await send("GET", path, token: token, headers: headers)
    }

    func post(
        _ path: String, token: String? = "operate", _ body: String = #"{"reason": "because"}"#
    ) async throws -> Answer {
        try await send(
            "POST", path, token: token, headers: [("Content-Type", "application/json")], body: Array(body.utf8))
    }

    static func request(
        _ method: String, _ path: String, token: String? = nil, headers: [(String, String)] = [], body: [UInt8]? = nil
    ) -> [UInt8] {
        var head = "\(method) \(path) HTTP/1.1\r\n"
        if !headers.contains(where: { $0.0 == "Host" }) { head += "Host: localhost\r\n" }
        if let token { head += "Authorization: Bearer \(tokens[token] ?? token)\r\n" }
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        if let body { head += "Content-Length: \(body.count)\r\n" }
        return Array((head + "\r\n").utf8) + (body ?? [])
    }
}
