import Domain
import Exchange
import Foundation
import NIOSSL
import Support
import Testing

/// A certificate authority and a server's certificate, made for one test.
struct Certificates {
    static let isAvailable = ["/usr/bin/openssl", "/usr/local/bin/openssl"].contains {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    var caFile: String
    var context: NIOSSLContext

    init(in folder: String) async throws {
        let ca = ["-subj", "/CN=Test Authority", "-keyout", "\(folder)/ca.key", "-out", "\(folder)/ca.pem"]
        try await checkProcess("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"] + ca)
        let leaf = ["-subj", "/CN=localhost", "-keyout", "\(folder)/leaf.key", "-out", "\(folder)/leaf.csr"]
        try await checkProcess("openssl", ["req", "-newkey", "rsa:2048", "-nodes"] + leaf)
        let names = "\(folder)/names"
        try await checkProcess("sh", ["-c", "echo subjectAltName=DNS:localhost > \(names)"])
        try await checkProcess(
            "openssl",
            [
                "x509", "-req", "-in", "\(folder)/leaf.csr", "-CA", "\(folder)/ca.pem", "-CAkey", "\(folder)/ca.key",
                "-CAcreateserial", "-days", "2", "-extfile", names, "-out", "\(folder)/leaf.pem",
            ])
        caFile = "\(folder)/ca.pem"
        context = try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: NIOSSLCertificate.fromPEMFile("\(folder)/leaf.pem").map { .certificate($0) },
                privateKey: .privateKey(NIOSSLPrivateKey(file: "\(folder)/leaf.key", format: .pem))))
    }
}

@Suite("TLS", .timeLimit(.minutes(1)))
struct TLSTests {
    // Certificates are made with the openssl program, which a machine may lack.
    @Test(
        "an authority of one's own is trusted where it is named, for its names only",
        .enabled(if: Certificates.isAvailable))
    func ownAuthority() async throws {
        try await withTemporaryFolder { folder in
            let certificates = try await Certificates(in: "\(folder.path)")
            try await RawServer.run(tls: certificates.context, .init { _ in .http(200) }) { server in
                try await withCaller(caFile: certificates.caFile) { caller in
                    let good = try await caller.call(post("https://localhost:\(server.port)")).get()
                    #expect(good.status == 200)
                    let otherName = await caller.call(post("https://127.0.0.1:\(server.port)"))
                    #expect(TLSTests.reason(otherName) == .tls)
                }
                try await withCaller { caller in
                    let stranger = await caller.call(post("https://localhost:\(server.port)"))
                    #expect(TLSTests.reason(stranger) == .tls)
                }
                try await withCaller(addresses: .publicOnly, caFile: certificates.caFile) { caller in
                    let local = await caller.call(post("https://localhost:\(server.port)"))
                    #expect(TLSTests.reason(local) == .addressRefused)
                }
                #expect(server.requests.count == 1)
            }
        }
    }

    static func reason(_ result: Result<HTTPAnswer, TransportFailure>) -> TransportFailure.Reason? {
        if case .failure(let failure) = result { failure.reason } else { nil }
    }
}
