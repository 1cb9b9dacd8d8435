import Foundation
import Support
import Testing

@Suite struct ProxyTests {
    @Test(.enabled(if: DeployFolder.has("caddy"), "needs caddy"))
    func `Caddy takes its file`() async throws {
        let output = try await DeployFolder.check(
            "caddy", ["validate", "--adapter", "caddyfile", "--config", "Caddyfile"], in: "proxy")
        #expect(output.succeeded, "\(output)")
    }

    @Test(
        .enabled(
            if: DeployFolder.has("nginx") && DeployFolder.has("openssl") && geteuid() == 0,
            "needs nginx, openssl and root"))
    func `nginx takes its file`() async throws {
        try await withTemporaryFolder { folder in
            let (key, certificate) = (folder.path("key.pem"), folder.path("certificate.pem"))
            try await checkProcess(
                "openssl",
                [
                    "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=ballast.example.com",
                    "-keyout", key, "-out", certificate,
                ])
            let server = try DeployFolder.text("proxy/nginx.conf")
                .replacing("/etc/ssl/certs/ballast.example.com.pem", with: certificate)
                .replacing("/etc/ssl/private/ballast.example.com.key", with: key)
            let file = try folder.write(
                "pid \(folder.path("pid"));\nevents {}\nhttp {\naccess_log off;\n\(server)\n}\n", to: "nginx.conf")
            let output = try await DeployFolder.check("nginx", ["-t", "-e", "stderr", "-c", file])
            #expect(output.succeeded, "\(output)")
        }
    }

    @Test func `the proxies pass on what Ballast takes, and events at once`() throws {
        let nginx = try DeployFolder.text("proxy/nginx.conf")
        #expect(nginx.contains("client_max_body_size 3m;"))
        #expect(nginx.contains("location = /api/v1/events") && nginx.contains("proxy_buffering off;"))
        let caddy = try DeployFolder.text("proxy/Caddyfile")
        #expect(caddy.contains("max_size 3MiB") && caddy.contains("flush_interval -1"))
    }
}
