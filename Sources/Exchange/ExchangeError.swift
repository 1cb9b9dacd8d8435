/// Why a client, or a part that is built on one, cannot be set up. What goes wrong later is an answer, not an error.
package struct ExchangeError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Hashable, Sendable, CaseIterable {
        case addressInvalid = "address-invalid"
        case addressInsecure = "address-insecure"
        case addressPrivate = "address-private"
        case certificatesUnreadable = "certificates-unreadable"
        case kindUnknown = "kind-unknown"
    }

    package let code: Code
    /// For people: what failed, on what, and the remedy. An address is shown without path and query: they may be secret.
    package let message: String
    package let cause: String?

    package init(_ code: Code, _ message: String, cause: String? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    package var description: String { cause.map { "\(message) (\($0))" } ?? message }
}
