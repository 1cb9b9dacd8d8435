import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Support
import Testing

/// The operating guide's metrics beside those that the running program prints.
@Suite struct ServedMetricsTests {
    /// `/metrics` of a server whose repository and platform are away: the families are the same.
    private func page() async throws -> String {
        try await withTemporaryFolder { folder in
            try folder.write("key", to: "key")
            try folder.write(
                """
                source: {url: nowhere.git}
                platforms: [{name: default, url: "http://127.0.0.1:1", apiKey: {file: key}}]
                server: {port: 0}
                logging: {format: json}

                """, to: "ballast.yaml")
            let ballast = try BuiltProducts.ballast()
            // Cancelled, the call ends the process.
            let server = Task {
                try await runProcess(
                    "/bin/sh", ["-c", "exec \"$0\" serve 2> log", ballast], in: folder.path, timeout: .seconds(120))
            }
            defer { server.cancel() }
            let port = try await eventually("the server listens") {
                for line in (try? folder.read("log"))?.split(separator: "\n") ?? [] where line.contains("listening") {
                    let fields = try? JSONDecoder().decode([String: String].self, from: Data(line.utf8))
                    if let port = fields?["port"] { return port }
                }
                return nil
            }
            let answer = try await HTTPClient.shared.execute(
                HTTPClientRequest(url: "http://127.0.0.1:\(port)/metrics"), timeout: .seconds(20))
            #expect(answer.status.code == 200)
            let body = try await answer.body.collect(upTo: 1 << 20)
            server.cancel()
            _ = await server.result
            return String(buffer: body)
        }
    }

    @Test func `the operating guide lists the metrics that the server prints`() async throws {
        let page = try await page()
        #expect(MetricNames.printed(page) == (try MetricNames.documented()))
    }

    @Test(.enabled(if: DeployFolder.has("promtool"), "needs promtool"))
    func `what the server prints is a page of metrics`() async throws {
        let output = try await runProcess(
            DeployFolder.checker("promtool") ?? "promtool", ["check", "metrics"], input: try await page())
        #expect(output.succeeded, "\(output)")
    }
}
