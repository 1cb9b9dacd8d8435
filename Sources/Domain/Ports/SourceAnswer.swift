/// The answer of one exchange with the repository or its remote, classified once.
package enum Answered<Value: Sendable>: Sendable {
    case value(Value)
    case failed(SourceFailure)

    package func map<Other: Sendable>(_ transform: (Value) -> Other) -> Answered<Other> {
        switch self {
        case .value(let value): .value(transform(value))
        case .failed(let failure): .failed(failure)
        }
    }

    package func get() throws(SourceFailure) -> Value {
        switch self {
        case .value(let value): return value
        case .failed(let failure): throw failure
        }
    }
}

/// Why an exchange with the repository gave no value.
package struct SourceFailure: Error, Hashable, Codable, Sendable, CustomStringConvertible {
    package enum Code: String, Hashable, Codable, Sendable, CaseIterable {
        /// Name, connection or TLS; the remote is away.
        case unreachable
        /// The deadline passed; the worker that waited was ended.
        case timedOut
        /// The remote refused the credential, or shows a host key or certificate that is not the expected one.
        case authentication
        case noSuchRepository
        case noSuchBranch
        case emptyRepository
        /// A commit, revision, file or bot that was asked for is not there.
        case notFound
        /// The local copy is damaged, and was so again after it had been fetched anew.
        case damaged
        /// The remote sent something that is not git's protocol, or a history that lacks objects.
        case protocolError
        /// A limit of Ballast was exceeded: number of manifests, depth of a tree.
        case tooLarge
        /// The disk of this machine: full, read-only, not permitted.
        case local
        /// Address, key file or certificate in the configuration cannot be used.
        case misconfigured
        /// The remote takes no push at all from us, or the manifest cannot be edited as asked.
        case refused
    }

    package var code: Code
    /// For people: what failed, on what, and the remedy; without secrets.
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// Whether asking again, unchanged, may succeed; otherwise a person has to change something first.
    package var mayPass: Bool {
        switch code {
        case .unreachable, .timedOut, .protocolError, .damaged: true
        case .authentication, .noSuchRepository, .noSuchBranch, .emptyRepository, .notFound, .tooLarge, .local,
            .misconfigured, .refused:
            false
        }
    }

    package var description: String { message }
}
