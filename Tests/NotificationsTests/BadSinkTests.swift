import Domain
import Exchange
import NIOSSL
import Support
import Testing

@testable import Notifications

/// Receivers that do what they should not, for every kind alike.
@Suite("Bad sinks", .timeLimit(.minutes(2)))
struct BadSinkTests {
    static let event: Event = {
        var event = makeRollout("rollout.failed", outcome: .failed)
        event.severity = .error
        return event
    }()

    static let hasOpenSSL = BuiltProducts.hasProgram("openssl")

    @Test("a redirect, to itself too, is not followed", arguments: SinkSettings.Kind.allCases)
    func redirects(kind: SinkSettings.Kind) async throws {
        let script = RawServer.Script { .http(307, headers: ["Location: \($0.target)"]) }
        try await RawServer.run(script) { server in
            try await withForge(kind, server.url) { sink in
                guard case .failed(let text, nil) = await sink.deliver(Self.event, attemptedAt: ten) else {
                    Issue.record("not failed")
                    return
                }
                #expect(text.contains("307") && server.requests.count == 1)
            }
        }
    }

    @Test("an endless answer is read so far and no further", arguments: SinkSettings.Kind.allCases)
    func endless(kind: SinkSettings.Kind) async throws {
        let script = RawServer.Script { _ in
            .sendThenHang(
                "HTTP/1.1 500 X\r\nContent-Type: text/plain\r\n\r\n" + String(repeating: "x", count: 2 << 20))
        }
        try await RawServer.run(script) { server in
            try await withForge(kind, server.url) { sink in
                guard case .failed(let text, nil) = await sink.deliver(Self.event, attemptedAt: ten) else {
                    Issue.record("not failed")
                    return
                }
                #expect(text.utf8.count <= 1027 && text.hasPrefix("status 500: xxx"))
            }
        }
    }

    @Test("what is no HTTP, and what hangs up, fails in words", arguments: SinkSettings.Kind.allCases)
    func broken(kind: SinkSettings.Kind) async throws {
        for reply in [
            RawServer.Reply.close, .sendThenClose("SSH-2.0-OpenSSH\r\n"),
            .sendThenClose("HTTP/1.1 200 X\r\nContent-Length: 99\r\n\r\nhalf"),
        ] {
            try await RawServer.run(.init { _ in reply }) { server in
                try await withForge(kind, server.url) { sink in
                    guard case .failed(let text, nil) = await sink.deliver(Self.event, attemptedAt: ten) else {
                        Issue.record("not failed")
                        return
                    }
                    #expect(text.hasPrefix(server.url))
                }
            }
        }
    }

    @Test("nobody listens", arguments: SinkSettings.Kind.allCases)
    func refused(kind: SinkSettings.Kind) async throws {
        try await withForge(kind, "http://127.0.0.1:1") { sink in
            guard case .failed(let text, nil) = await sink.deliver(Self.event, attemptedAt: ten) else {
                Issue.record("not failed")
                return
            }
            #expect(text.contains("no connection"))
        }
    }

    @Test("a certificate that nobody vouches for gets nothing", .enabled(if: hasOpenSSL, "needs openssl"))
    func certificate() async throws {
        try await withTemporaryFolder { folder in
            let (key, leaf) = ("\(folder.path)/key.pem", "\(folder.path)/leaf.pem")
            try await checkProcess(
                "openssl",
                ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
                    + ["-keyout", key, "-out", leaf])
            let context = try NIOSSLContext(
                configuration: .makeServerConfiguration(
                    certificateChain: NIOSSLCertificate.fromPEMFile(leaf).map { .certificate($0) },
                    privateKey: .privateKey(NIOSSLPrivateKey(file: key, format: .pem))))
            try await RawServer.run(tls: context, .init { _ in .http(200) }) { server in
                for kind in SinkSettings.Kind.allCases {
                    try await withForge(kind, "https://localhost:\(server.port)") { sink in
                        guard case .failed(let text, nil) = await sink.deliver(Self.event, attemptedAt: ten) else {
                            Issue.record("not failed")
                            return
                        }
                        #expect(text.contains("TLS failed"), "\(text)")
                    }
                }
                #expect(server.requests.isEmpty)
            }
        }
    }

    @Test("a name that leads to this machine is sent nothing", arguments: SinkSettings.Kind.allCases)
    func inside(kind: SinkSettings.Kind) async throws {
        try await RawServer.run(greeting: "no TLS\r\n", .init { _ in .http(200) }) { server in
            // Another notation of 127.0.0.1, which only the resolver understands.
            var settings = SinkSettings(name: "forge", url: .literal("https://127.1:\(server.port)"))
            settings.kind = kind
            settings.repository = "team/bots"
            settings.tokens = [.environment(name: "GOOD")]
            let connections = Connections()
            let sink = try SinkFactory.make(settings, secrets: FakeSecrets(["GOOD": "x"]), connections: connections)
            let answer = await sink.deliver(Self.event, attemptedAt: ten)
            await connections.shutdown()
            guard case .failed(_, nil) = answer else {
                Issue.record("not failed: \(answer)")
                return
            }
            #expect(server.requests.isEmpty)
            #expect(server.connections == 0, "refused before anything is connected to")
        }
    }
}
