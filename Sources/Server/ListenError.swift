import Glibc

/// Why nothing can be taken at `server.host` and `server.port`.
package struct ListenError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Cause: Hashable, Sendable {
        case portInUse
        /// The host is none of this machine's, or no name that can be resolved.
        case hostElsewhere
        /// Ports below 1024 are for privileged processes.
        case forbidden
        case other
    }

    package var host: String
    package var port: Int
    package var cause: Cause
    /// The system's words.
    package var reason: String

    /// - Parameter code: `errno`.
    package init(host: String, port: Int, code: CInt) {
        self.host = host
        self.port = port
        cause =
            switch code {
            case EADDRINUSE: .portInUse
            case EADDRNOTAVAIL: .hostElsewhere
            case EACCES, EPERM: .forbidden
            default: .other
            }
        reason = String(cString: strerror(code))
    }

    package init(unresolved host: String, port: Int) {
        self.host = host
        self.port = port
        cause = .hostElsewhere
        reason = "the name cannot be resolved"
    }

    package var description: String { "cannot listen on \(host):\(port): \(reason)" }

    /// What to do about it.
    package var remedy: String? {
        switch cause {
        case .portInUse: "End the program that has it (`ss -ltnp` names it), or set `server.port`."
        case .hostElsewhere: "Set `server.host` to an address of this machine, or to 0.0.0.0 for all of them."
        case .forbidden: "Set `server.port` to 1024 or above, or give the process CAP_NET_BIND_SERVICE."
        case .other: nil
        }
    }
}
