import Foundation
import Glibc

/// A kept connection to a server on this machine, as cheap as can be: the one who measures shares the cores with what is
/// measured.
final class LoopbackSocket {
    private let descriptor: Int32
    private var buffer = [UInt8](repeating: 0, count: 64 << 10)

    static let timeoutSeconds = 30

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        var limit = timeval(tv_sec: Self.timeoutSeconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw Child.Failure(description: "cannot connect to port \(port): errno \(errno)") }
    }

    deinit { close(descriptor) }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, 0) }
            guard count > 0 else { throw Child.Failure(description: "cannot send: errno \(errno)") }
            sent += count
        }
    }

    /// One answer with a `Content-Length`.
    func receive() throws -> (status: Int, body: String) {
        var bytes: [UInt8] = []
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { throw Child.Failure(description: "no answer: errno \(errno)") }
            bytes += buffer[..<count]
            if let answer = Self.whole(bytes[...]) {
                return (answer.status, String(decoding: bytes[answer.body...], as: UTF8.self))
            }
        }
    }

    /// Of an answer that comes in one piece with the one before it read; the cheap form.
    func receiveStatus() throws -> Int {
        var end = 0
        while true {
            let count = buffer[end...].withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
            guard count > 0 else { throw Child.Failure(description: "no answer: errno \(errno)") }
            end += count
            if let answer = Self.whole(buffer[..<end]) { return answer.status }
        }
    }

    func ask(_ request: String) throws -> (status: Int, body: String) {
        try send(Array(request.utf8))
        return try receive()
    }

    /// Where the body of a whole answer begins.
    private static func whole(_ bytes: ArraySlice<UInt8>) -> (status: Int, body: Int)? {
        guard let head = bytes.firstRange(of: Self.blankLine) else { return nil }
        let name = bytes[..<head.lowerBound].firstRange(of: Self.lengthName)?.upperBound
        guard let name, let status = Self.number(bytes[9...]), let length = Self.number(bytes[name...]) else {
            return nil
        }
        return bytes.endIndex >= head.upperBound + length ? (status, head.upperBound) : nil
    }

    private static let blankLine = Array("\r\n\r\n".utf8)
    /// As Hummingbird writes it.
    private static let lengthName = Array("\r\nContent-Length: ".utf8)

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int? {
        Int(String(decoding: bytes.prefix { $0 >= 0x30 && $0 <= 0x39 }, as: UTF8.self))
    }
}
