import Domain
import Testing

@testable import Server

@Suite("Which repository a push is about")
struct RepositoryAddressTests {
    private func watched(_ url: String) -> WatchedRepository {
        WatchedRepository(url: url, aliases: [], branch: "main")
    }

    @Test(
        "addresses are the same whatever their scheme, user, port, `.git` and the case of the host",
        arguments: [
            "https://git.example/team/bots", "https://git.example/team/bots.git", "https://git.example/team/bots.git/",
            "http://git.example:8080/team/bots", "ssh://git@GIT.Example:2222/team/bots.git",
            "git://git.example/team/bots", "git@git.example:team/bots.git", "git.example:team/bots",
            "https://user:pass@git.example/team/bots?x#y",
        ])
    func same(_ address: String) {
        let push = Push(addresses: ["https://other.example/x", address])
        #expect(watched("ssh://git@git.example/team/bots.git").isOurs(push))
        #expect(watched(address).isOurs(Push(addresses: ["ssh://git@git.example/team/bots.git"])))
    }

    @Test(
        "another host, path or case of the path is another repository",
        arguments: [
            "https://git.example/team/bot", "https://git.example/team/bots2", "https://git.example/Team/bots",
            "https://git.example/x/team/bots", "https://git.example.evil/team/bots",
            "https://evil/git.example/team/bots", "https://git.example@evil.example/team/bots", "", ":", "/",
            "team/bots", "https://", "https://git.example", "https://[", "@", "a@:", "://",
        ])
    func other(_ address: String) {
        let push = Push(addresses: [address], fullName: "team/bots")
        #expect(!watched("ssh://git@git.example/team/bots.git").isOurs(push))
    }

    @Test("an alias is as good as the address itself")
    func alias() {
        let repository = WatchedRepository(
            url: "file:///srv/bots.git", aliases: ["https://git.example/team/bots"], branch: "main")
        #expect(repository.isOurs(Push(addresses: ["git@git.example:team/bots.git"])))
        #expect(!repository.isOurs(Push(addresses: ["git@git.example:team/other.git"])))
    }

    @Test("where a payload gives no address its full name is compared with the path")
    func names() {
        let repository = watched("https://git.example/scm/team/bots.git")
        for name in ["team/bots", "TEAM/bots"] { #expect(repository.isOurs(Push(fullName: name)), "\(name)") }
        for name in ["eam/bots", "team/bots/x", "m/team/bots", "", "/"] {
            #expect(!repository.isOurs(Push(fullName: name)), "\(name)")
        }
        #expect(!repository.isOurs(Push()))
    }

    @Test("the watched branch alone concerns us, and not its deletion")
    func references() {
        let repository = watched("https://git.example/team/bots.git")
        func concerns(_ name: String, isDeleted: Bool = false) -> Bool {
            repository.concerns(Push(references: [.init(name: name, isDeleted: isDeleted)]))
        }
        #expect(concerns("refs/heads/main"))
        #expect(!concerns("refs/heads/main", isDeleted: true))
        for name in ["main", "refs/heads/Main", "refs/heads/main2", "refs/tags/main", "refs/notes/ballast", ""] {
            #expect(!concerns(name), "\(name)")
        }
    }
}
