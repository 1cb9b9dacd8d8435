import Dispatch
import Glibc
import NIOCore
import Synchronization

/// Whether a name leads to an address that may be connected to, looked up before anything is sent there, a greeting of TLS
/// included. The connection's own address is judged besides: a name may be given another one in between.
enum NameLookup {
    private struct Once {
        var continuation: CheckedContinuation<[SocketAddress]?, Never>?
    }

    /// - Returns: an address that must not be connected to, where the name has no other; nil: there is one, or nobody knows.
    static func refusal(of host: String, by policy: AddressPolicy, within limit: TimeAmount) async -> String? {
        guard let addresses = await addresses(of: host, within: limit), let first = addresses.first,
            !addresses.contains(where: { policy.allows($0) })
        else { return nil }
        return first.ipAddress ?? "unknown"
    }

    /// nil: not known within that time; the connection will tell what is wrong.
    private static func addresses(of host: String, within limit: TimeAmount) async -> [SocketAddress]? {
        await withCheckedContinuation { continuation in
            let once = Answer(continuation)
            DispatchQueue.global().async { once.resume(Self.resolved(host)) }
            DispatchQueue.global().asyncAfter(deadline: .now() + .nanoseconds(Int(limit.nanoseconds))) {
                once.resume(nil)
            }
        }
    }

    /// The first of lookup and clock answers.
    private final class Answer: Sendable {
        private let once: Mutex<Once>

        init(_ continuation: CheckedContinuation<[SocketAddress]?, Never>) {
            once = Mutex(Once(continuation: continuation))
        }

        func resume(_ addresses: [SocketAddress]?) {
            let waiting = once.withLock { once in
                defer { once.continuation = nil }
                return once.continuation
            }
            waiting?.resume(returning: addresses)
        }
    }

    /// Blocks.
    private static func resolved(_ host: String) -> [SocketAddress]? {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &list) == 0 else { return nil }
        defer { freeaddrinfo(list) }
        var found: [SocketAddress] = []
        var next = list
        while let entry = next {
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let status = getnameinfo(
                entry.pointee.ai_addr, entry.pointee.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
            let shown = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            if status == 0, let address = try? SocketAddress(ipAddress: shown, port: 0) { found.append(address) }
            next = entry.pointee.ai_next
        }
        return found
    }
}
