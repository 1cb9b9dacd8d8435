import Domain
import Foundation
import HTTPTypes
import Hummingbird

/// What is known of one request while it is answered.
struct ServerContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// Ours, for logs, answers and what a look led to.
    let requestID: String
    /// Of the peer, which may be a proxy.
    let peerAddress: String?

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        peerAddress = source.channel.remoteAddress?.ipAddress
        requestID = UUID().uuidString.lowercased()
    }
}

/// The caller's trace (W3C Trace Context, level 1), for the log.
struct TraceParent: Hashable, Sendable {
    var traceID: String

    /// nil where the header is absent or not of version 00's form.
    init?(_ headers: HTTPFields) {
        guard let text = headers[.traceParent], text.utf8.count >= 55 else { return nil }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 4, parts[0].count == 2, parts[0] != "ff", Self.isID(parts[1], digits: 32),
            Self.isID(parts[2], digits: 16), parts[0] != "00" || (parts.count == 4 && parts[3].count == 2)
        else { return nil }
        traceID = String(parts[1])
    }

    /// Lower-case hexadecimal, and not all zero.
    private static func isID(_ text: Substring, digits: Int) -> Bool {
        text.utf8.count == digits && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
            && text.contains { $0 != "0" }
    }
}

extension HTTPField.Name {
    static let requestID = HTTPField.Name("X-Request-Id") ?? .eTag
    static let lastEventID = HTTPField.Name("Last-Event-ID") ?? .eTag
    static let traceParent = HTTPField.Name("traceparent") ?? .eTag
    static let referrerPolicy = HTTPField.Name("Referrer-Policy") ?? .eTag
}
