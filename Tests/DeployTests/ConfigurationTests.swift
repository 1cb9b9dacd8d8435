import Documents
import Domain
import Foundation
import Live
import Testing

/// The example configurations, read as the program reads them.
@Suite struct ConfigurationTests {
    static let systemd = "systemd/ballast.yaml"
    static let kubernetes = "kubernetes/base/ballast.yaml"

    private func load(_ text: String) throws -> Configuration {
        try ConfigurationLoader.load(
            bytes: Array(text.utf8), path: "/etc/ballast/ballast.yaml", environment: [:], zones: SystemTimeZones()
        ).get()
    }

    @Test(arguments: [systemd, kubernetes])
    func `an example is well-formed, and does not touch a fleet before it is told to`(name: String) throws {
        let configuration = try load(try DeployFolder.text(name))
        #expect(configuration.reconcile.mode == .alert)
        #expect(configuration.state == "/var/lib/ballast/ballast.db")
        #expect(configuration.audit.file == "/var/lib/ballast/audit.jsonl")
        #expect(!configuration.server.tokens.isEmpty)
    }

    @Test(arguments: [(systemd, "/run/credentials/ballast.service/secret_"), (kubernetes, "/run/secrets/ballast/")])
    func `an example's secrets are where the service finds them`(name: String, place: String) throws {
        let found = ConfigurationLoader.secrets(of: try load(try DeployFolder.text(name)))
        #expect(found.count >= 4)
        for (field, reference) in found {
            guard case .file(let path) = reference else {
                Issue.record("\(field) is no file")
                continue
            }
            #expect(path.hasPrefix(place), "\(field)")
        }
    }

    /// The lines that are offered in comments, as they are when somebody uncomments them.
    private func offered(_ text: String) throws -> String {
        let comment = try Regex(#"^( *)# ( *(?:- )?\{?[a-z][A-Za-z]*:(?: .*)?| *- name: .*)$"#)
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            guard let match = try? comment.wholeMatch(in: line), let indent = match[1].substring,
                let rest = match[2].substring
            else { return String(line) }
            return "\(indent)\(rest)"
        }.joined(separator: "\n")
    }

    @Test func `everything that the example offers in comments is well-formed, too`() throws {
        let all = try offered(try DeployFolder.text(Self.systemd))
        let withToken = all.split(separator: "\n").filter { !$0.contains("ssh: {") }.joined(separator: "\n")
        let configuration = try load(withToken)
        #expect(configuration.platforms.count == 2)
        #expect(configuration.notifications.count == 1)
        #expect(configuration.server.tokens.count == 2)
        #expect(configuration.server.hooks.count == ServerSettings.Provider.allCases.count)
        #expect(configuration.source.trust.signatures == .require)
        #expect(!configuration.policy.windows.isEmpty)

        let withKey = all.split(separator: "\n").filter { !$0.contains("secret_git-token") }.joined(separator: "\n")
        guard case .ssh? = try load(withKey).source.auth else {
            Issue.record("the key is not read")
            return
        }
    }
}
