import Domain
import Git

extension SourceFailure {
    /// What a git failure means to the engine; one table for all of this module.
    init(_ error: GitError) {
        let code: Code =
            switch error.code {
            case .unreachable: .unreachable
            case .timedOut: .timedOut
            case .authentication, .hostKey: .authentication
            case .noSuchBranch: .noSuchBranch
            case .emptyRepository: .emptyRepository
            case .noSuchRepository: .noSuchRepository
            case .notFound: .notFound
            case .protocolError, .shallowRemote: .protocolError
            case .damagedMirror: .damaged
            case .tooLarge: .tooLarge
            case .badAddress: .misconfigured
            case .rejected, .notFastForward: .refused
            case .busy, .conflict, .unusable, .worker, .cancelled, .badRequest: .local
            }
        self.init(code, error.description)
    }

    /// Any error of this module's own calls.
    init(any error: any Error) {
        switch error {
        case let failure as SourceFailure: self = failure
        case let error as GitError: self.init(error)
        default: self.init(.local, "\(error)")
        }
    }
}

extension CommitID {
    init(_ id: ObjectID) { self.init(id.hex) }

    /// - Throws: `notFound` for what is no full id.
    func objectID() throws(SourceFailure) -> ObjectID {
        guard let id = ObjectID(hex: hex) else {
            throw SourceFailure(.notFound, "“\(PlainText.line(hex, maxBytes: 80))” is no commit id")
        }
        return id
    }
}

/// Runs an exchange and classifies what it throws.
func answering<Value: Sendable>(_ body: () async throws -> Value) async -> Answered<Value> {
    do {
        return .value(try await body())
    } catch {
        return .failed(SourceFailure(any: error))
    }
}

/// Runs a request whose failure with one of these codes is an answer too: `nil`.
func ifAny<Value>(except codes: Set<GitError.Code>, _ request: () async throws -> Value) async throws -> Value? {
    do {
        return try await request()
    } catch let error as GitError where codes.contains(error.code) {
        return nil
    }
}
