import AsyncHTTPClient
import Domain
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Why an exchange brought no whole answer.
package struct TransportFailure: Error, Hashable, Sendable {
    package enum Reason: String, Hashable, Sendable, CaseIterable {
        /// The name cannot be resolved.
        case name
        /// No connection came about.
        case connection
        case tls
        /// All connections stayed busy.
        case noFreeConnection
        /// Connected, but to an address that is not allowed; closed before anything was sent.
        case addressRefused
        /// The time for the whole exchange is over.
        case deadline
        /// The connection broke.
        case closed
        /// What came back is not HTTP.
        case garbage
        case cancelled
        /// The client was shut down.
        case shutDown
        case other
    }

    package var reason: Reason
    /// Whether any byte of the request's body (of its head, where it has none) may have left.
    package var sent: Bool
    /// The system's or the library's own words; cleaned, without address and headers.
    package var detail: String
    /// How long it took to fail, from the head of the request; zero where that was not sent.
    package var latencyMilliseconds: Double

    package init(_ reason: Reason, sent: Bool, detail: String = "", latencyMilliseconds: Double = 0) {
        self.reason = reason
        self.sent = sent
        self.detail = detail
        self.latencyMilliseconds = latencyMilliseconds
    }

    /// Certain that the other side can have done nothing. A request whose body never left counts as not sent: its head alone
    /// announces a length that never comes. What is not understood counts as sent.
    package var isSurelyNotSent: Bool {
        guard !sent else { return false }
        switch reason {
        case .name, .connection, .tls, .noFreeConnection, .addressRefused, .deadline, .cancelled, .shutDown: return true
        case .closed, .garbage, .other: return false
        }
    }

    /// One clause for people.
    package var message: String {
        let clause =
            switch reason {
            case .name: "the name cannot be resolved"
            case .connection: "no connection"
            case .tls: "TLS failed"
            case .noFreeConnection: "no connection became free in time"
            case .addressRefused: "the address is not allowed"
            case .deadline: sent ? "no whole answer in time" : "no connection in time"
            case .closed: "the connection broke before a whole answer came"
            case .garbage: "the answer is not HTTP"
            case .cancelled: "cancelled"
            case .shutDown: "shut down"
            case .other: "the exchange failed"
            }
        return detail.isEmpty ? clause : "\(clause): \(detail)"
    }
}

extension TransportFailure {
    /// Characters kept of a library's own words.
    static let maxDetailCharacters = 200

    init(_ error: any Error, sent: Bool, latencyMilliseconds: Double) {
        let reason = TransportFailure.reason(of: error, sent: sent)
        let detail =
            switch reason {
            case .connection, .tls, .closed, .garbage, .other, .name, .addressRefused: TransportFailure.words(of: error)
            case .noFreeConnection, .deadline, .cancelled, .shutDown: ""
            }
        self.init(reason, sent: sent, detail: detail, latencyMilliseconds: latencyMilliseconds)
    }

    /// The one place that knows the errors of the libraries below. A connection that ends before anything was sent is a
    /// failed connection, whatever it is called.
    static func reason(of error: any Error, sent: Bool) -> Reason {
        switch error {
        case let error as HTTPClientError: reason(of: error, sent: sent)
        case is RefusedAddress: .addressRefused
        case let error as NIOConnectionError:
            error.connectionErrors.isEmpty && (error.dnsAError != nil || error.dnsAAAAError != nil)
                ? .name : .connection
        case is SocketAddressError: .name
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError: sent ? .closed : .tls
        case is HTTPParserError, is NIOHTTPDecoderError: .garbage
        case is IOError, is ChannelError: sent ? .closed : .connection
        case is CancellationError: .cancelled
        default: .other
        }
    }

    private static func reason(of error: HTTPClientError, sent: Bool) -> Reason {
        switch error {
        case .connectTimeout: .connection
        case .tlsHandshakeTimeout: .tls
        case .getConnectionFromPoolTimeout: .noFreeConnection
        case .deadlineExceeded, .readTimeout, .writeTimeout: .deadline
        case .remoteConnectionClosed, .uncleanShutdown: sent ? .closed : .connection
        case .cancelled: .cancelled
        case .alreadyShutdown: .shutDown
        default: error.shortDescription == unsupportedProtocol ? .tls : .other
        }
    }

    /// That case carries what the server offered, so it can't be compared as a whole.
    private static let unsupportedProtocol = HTTPClientError.serverOfferedUnsupportedApplicationProtocol("")
        .shortDescription

    private static func words(of error: any Error) -> String {
        let text =
            switch error {
            case let error as HTTPClientError: error.shortDescription
            case let error as NIOConnectionError:
                error.connectionErrors.first.map { words(of: $0.error) } ?? ""
            case let error as IOError: String(cString: strerror(error.errnoCode))
            case is SocketAddressError: ""
            case is ChannelError: "\(error)"
            case let error as RefusedAddress: error.shown
            default: "\(error)"
            }
        return UntrustedText.cleaned(text, maxCharacters: maxDetailCharacters)
    }
}
