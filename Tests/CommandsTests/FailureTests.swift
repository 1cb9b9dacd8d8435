import Audit
import Documents
import Domain
import Exchange
import Store
import Testing

@testable import Commands

@Suite("Failures and exit statuses")
struct FailureTests {
    @Test("every code has its status")
    func table() {
        let expected: [CommandFailure.Code: Int32] = [
            .usage: 64, .configuration: 78, .unusable: 2, .unsuccessful: 1, .interrupted: 130,
        ]
        #expect(expected.count == CommandFailure.Code.allCases.count)
        for code in CommandFailure.Code.allCases { #expect(ExitStatus(code).rawValue == expected[code]) }
        #expect(ExitStatus.done.rawValue == 0)
    }

    @Test("a failure is printed with places and remedy")
    func text() {
        let failure = CommandFailure(
            .configuration, "the configuration has a problem", remedy: "Correct it.", problems: [Sample.problem])
        #expect(
            failure.text == """
                ballast: the configuration has a problem
                bots/x.yaml:3:5: expected a name
                  Correct it.

                """)
    }

    @Test("a problem without a place has none")
    func noPlace() {
        let problem = Problem(path: "ballast.yaml", line: 0, column: 0, message: "BALLAST_X matches no field")
        #expect(ProblemText.line(problem) == "ballast.yaml: BALLAST_X matches no field")
    }

    @Test("the errors of the parts are classified once")
    func classification() {
        #expect(code(StoreError(.inUse(pid: 17, verb: "reconcile"), "in use by 17")) == .unusable)
        #expect(code(StoreError(.newer, "newer")) == .unusable)
        #expect(code(SourceFailure(.unreachable, "away")) == .unusable)
        #expect(code(SourceFailure(.misconfigured, "bad address")) == .configuration)
        #expect(code(Problems([Sample.problem])) == .configuration)
        #expect(code(AuditError(.logFull, "full")) == .unusable)
        #expect(code(SecretProblem(.absent, "absent")) == .configuration)
        #expect(code(ExchangeError(.kindUnknown, "no such kind")) == .configuration)
        #expect(code(DecisionError(.unknown, "no bot")) == .usage)
        #expect(code(DecisionError(.notAllowed, "can't be waived")) == .usage)
        #expect(code(CancellationError()) == .interrupted)
        #expect(CommandFailure(classifying: Problems([Sample.problem])).problems == [Sample.problem])
    }

    private func code(_ error: any Error) -> CommandFailure.Code { CommandFailure(classifying: error).code }
}
