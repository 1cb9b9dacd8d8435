/// What opens the remote. It goes to the worker over its pipe, with the request that needs it; no description shows it.
package enum GitCredential: Hashable, Sendable, Codable {
    /// HTTP Basic authentication.
    case token(username: String, token: String)
    /// An OpenSSH or PEM private key without a passphrase, and the lines of a `known_hosts` file (plain, hashed or by pattern).
    case ssh(privateKey: String, knownHosts: String)
}

extension GitCredential: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String {
        switch self {
        case .token: "token"
        case .ssh: "ssh key"
        }
    }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
