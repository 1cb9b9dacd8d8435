import Documents
import Domain
import Testing

struct SecretCheckTests {
    private struct Reader: Secrets {
        var known: Set<SecretReference>

        func read(_ reference: SecretReference) throws(SecretProblem) -> Secret {
            guard known.contains(reference) else { throw SecretProblem(.absent, "it is not there") }
            return Secret("x")
        }
    }

    private let path = "/etc/ballast/ballast.yaml"

    @Test func everySecretThatCannotBeReadIsNamedAtItsPlace() throws {
        let configuration = try load(fullConfiguration).get()
        let found = ConfigurationLoader.secretProblems(
            configuration, path: path, bytes: Array(fullConfiguration.utf8),
            reader: Reader(known: [.environment(name: "HOOK")]))
        #expect(
            lines(found) == [
                "10:20 `source.auth.ssh.keyFile`: it is not there", "16:22 `source.signingKey`: it is not there",
                "67:22 `audit.signingKey`: it is not there",
                "21:19 `platforms.default.apiKey`: it is not there",
                "28:87 `platforms.second.oauth2.clientSecret`: it is not there",
                "49:22 `notifications.pipeline.secret`: it is not there",
                "54:45 `notifications.other.url`: it is not there",
                "54:71 `notifications.other.secret`: it is not there",
                "59:21 `notifications.forge.token`: it is not there",
                "59:34 `notifications.forge.token`: it is not there",
                "61:107 `notifications.bus.secret`: it is not there",
                "62:49 `notifications.duty.token`: it is not there",
            ])
    }

    @Test func everyFileThatCannotBeReadIsNamedAtItsPlace() throws {
        let configuration = try load(fullConfiguration).get()
        var asked: [String] = []
        let found = ConfigurationLoader.fileProblems(
            configuration, path: path, bytes: Array(fullConfiguration.utf8)
        ) { file in
            asked.append(file)
            return false
        }
        #expect(
            found.count == asked.count && found.contains { $0.message.hasPrefix("`source.auth.ssh.knownHostsFile`") })
        #expect(found.contains { $0.line == 68 && $0.message.hasPrefix("`audit.formerKeys`") })
        #expect(found.allSatisfy { $0.line > 0 && $0.column > 0 }, "\(lines(found))")
        #expect(
            ConfigurationLoader.fileProblems(configuration, path: path, bytes: []) { _ in true }.isEmpty)
    }

    @Test func whatAFileHoldsIsAProblemWhereTheFileIsNamed() {
        let reference = SecretReference.file(path: "/etc/ballast/audit-key")
        let bytes = Array(fullConfiguration.utf8)
        let found = ConfigurationLoader.problem(with: reference, "no key", path: path, bytes: bytes)
        #expect(lines([found]) == ["67:22 no key"])
        let other = ConfigurationLoader.problem(with: .environment(name: "X"), "no key", path: path, bytes: bytes)
        #expect(other.line == 0)
    }

    @Test func readableSecretsAreNoProblem() throws {
        let configuration = try load(smallConfiguration).get()
        let reader = Reader(known: [.environment(name: "KEY")])
        #expect(ConfigurationLoader.secretProblems(configuration, path: path, bytes: [], reader: reader).isEmpty)
    }
}
