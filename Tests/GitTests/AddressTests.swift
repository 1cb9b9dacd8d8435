import Git
import Testing

@Suite struct AddressTests {
    @Test(arguments: [
        ("/srv/bots.git", "/srv/bots.git"), ("file:///srv/my%20bots.git", "/srv/my bots.git"),
        ("https://git.example/team/bots.git", "https://git.example/team/bots.git"),
        ("HTTPS://Git.Example:8443/bots", "https://git.example:8443/bots"),
        ("http://127.0.0.1:8080/bots", "http://127.0.0.1:8080/bots"),
        ("http://[::1]:8080/bots", "http://[::1]:8080/bots"),
        ("http://localhost/bots", "http://localhost/bots"), ("git://git.example/bots", "git://git.example/bots"),
        ("ssh://git@git.example/bots.git", "ssh://git.example/bots.git"),
        ("ssh://git@git.example:2222/~/bots.git", "ssh://git.example:2222/~/bots.git"),
        ("git@git.example:team/bots.git", "ssh://git.example/team/bots.git"),
    ])
    func `an address is read, and named without its user`(written: String, redacted: String) throws {
        let address = try GitAddress(written)
        #expect(address.redacted == redacted)
        #expect("\(address)" == redacted)
    }

    @Test func `a relative path is relative to a folder`() throws {
        #expect(try GitAddress("bots.git", relativeTo: "/etc/ballast").path == "/etc/ballast/bots.git")
        #expect(throws: GitError.self) { _ = try GitAddress("bots.git") }
    }

    @Test(arguments: [
        "", "https://user:canary@git.example/bots", "https://canary@git.example/bots",
        "ssh://git:canary@git.example/bots",
        "http://git.example/bots", "http://127.0.0.1.example.org/bots", "http://127.0.0.999/bots",
        "ftp://git.example/bots",
        "https:///bots", "https://git.example", "https://git.example/bots?token=canary",
        "https://git.example/bots#canary",
        "https://git.example:99999/bots", "https://git.example:0/bots", "-oProxyCommand=x:y", "--upload-pack=x",
        "ssh://-oProxyCommand=x/bots", "file://elsewhere/bots", "file:///a%00b", "file:///a%zz", "git@git.example:",
        "https://git.ex\u{202E}ample/bots", "https://git.example/bo\nts", "ext::sh -c x", "https://gi t.example/x",
    ])
    func `an address that is not allowed is refused, and not repeated where it may hold a secret`(written: String) {
        let error = #expect(throws: GitError.self) { _ = try GitAddress(written) }
        #expect(error?.code == .badAddress)
        #expect(error?.description.contains("canary") == false)
    }

    @Test func `a credential is never shown`() {
        for credential in [
            GitCredential.token(username: "git", token: "canary"), .ssh(privateKey: "canary", knownHosts: "canary"),
        ] {
            var dumped = ""
            dump(credential, to: &dumped)
            for text in ["\(credential)", String(reflecting: credential), dumped, String(describing: [credential])] {
                #expect(!text.contains("canary"))
            }
        }
    }

    @Test func `what comes from outside is cleaned and cut in an error`() {
        let error = GitError(.rejected, "a\u{1B}[31m b\u{202E}c\r\nd" + String(repeating: "x", count: 5_000))
        #expect(error.message.hasPrefix("a [31m b c d"))
        #expect(error.message.count <= 1_001)
    }
}
