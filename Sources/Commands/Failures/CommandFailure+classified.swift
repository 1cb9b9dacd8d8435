import Audit
import Documents
import Domain
import Exchange
import Server
import Store

extension CommandFailure {
    /// Every error of the parts, classified once by what it means to the person at the command line.
    package init(classifying error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let failure as RemoteFailure: self = failure.failure
        case let problems as Problems: self.init(problems)
        case let failure as StoreError: self.init(.unusable, failure.message)
        case let failure as SourceFailure: self.init(Self.code(of: failure), failure.message)
        case let failure as ExchangeError: self.init(.configuration, failure.description)
        case let failure as AuditError: self.init(.unusable, failure.message)
        case let failure as DecisionError: self.init(Self.code(of: failure), failure.message)
        case let problem as KeyringProblem: self.init(.configuration, problem.message)
        case let failure as SecretProblem: self.init(.configuration, failure.message)
        case let failure as ListenError:
            let code: Code = failure.cause == .hostElsewhere ? .configuration : .unusable
            self.init(code, failure.description, remedy: failure.remedy)
        case is CancellationError:
            self.init(.interrupted, "interrupted", remedy: "What is open goes on in the next `ballast reconcile`.")
        default:
            self.init(.unusable, "\(error)")
        }
    }

    private init(_ problems: Problems) {
        let count = problems.all.count
        self.init(
            .configuration, "the configuration has \(count == 1 ? "a problem" : "\(count) problems")",
            problems: problems.all)
    }

    private static func code(of failure: SourceFailure) -> Code {
        switch failure.code {
        case .misconfigured: .configuration
        case .notFound: .usage
        case .refused: .unsuccessful
        case .unreachable, .timedOut, .authentication, .noSuchRepository, .noSuchBranch, .emptyRepository, .damaged,
            .protocolError, .tooLarge, .local:
            .unusable
        }
    }

    private static func code(of failure: DecisionError) -> Code {
        switch failure.code {
        case .unknown, .notAllowed: .usage
        case .nothingToDo, .forbidden: .unsuccessful
        case .closing: .unusable
        }
    }
}
