import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Support

/// A headless chromium, driven through chromedriver over W3C WebDriver and the DevTools protocol.
struct Browser {
    static let isInstalled = BuiltProducts.hasProgram("chromium") && BuiltProducts.hasProgram("chromedriver")

    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    private let session: String
    private let client: HTTPClient

    /// Runs `body` with a browser of its own, without any profile.
    static func run(in folder: TemporaryFolder, _ body: (Browser) async throws -> Void) async throws {
        let home = try folder.makeFolder("browser")
        for attempt in 1...maxStarts {
            if try await run(in: folder, log: "chromedriver-\(attempt).log", home: home, body) { return }
        }
        throw Failure(description: "chromedriver does not listen: \(try folder.read("chromedriver-\(maxStarts).log"))")
    }

    /// It was seen to say nothing for 20 s, once, beside other work; that is no finding about the dashboard.
    private static let maxStarts = 3

    /// - Returns: false: the driver did not listen in time.
    private static func run(
        in folder: TemporaryFolder, log: String, home: String, _ body: (Browser) async throws -> Void
    ) async throws -> Bool {
        try await withProcess(
            BuiltProducts.programPath("chromedriver") ?? "", ["--port=0"], environment: ["HOME": home],
            in: folder.path, logPath: folder.path(log)
        ) { _ in
            let said = try? await eventually("chromedriver listens") { () -> String? in
                let text = try folder.read(log)
                return text.contains(listening) ? text : nil
            }
            guard let said, let start = said.firstRange(of: listening)?.upperBound else { return false }
            try await drive("http://127.0.0.1:\(said[start...].prefix { $0.isNumber })", profile: home, body)
            return true
        }.result
    }

    private static let listening = "started successfully on port "

    private static func drive(
        _ base: String, profile: String, _ body: (Browser) async throws -> Void
    ) async throws {
        let client = HTTPClient(eventLoopGroupProvider: .singleton)
        do {
            let browser = try await begin(base, client, profile: profile)
            do { try await body(browser) } catch {
                _ = try? await browser.send("DELETE", "")
                throw error
            }
            _ = try await browser.send("DELETE", "")
            try await client.shutdown()
        } catch {
            try? await client.shutdown()
            throw error
        }
    }

    private static func begin(_ base: String, _ client: HTTPClient, profile: String) async throws -> Browser {
        let options: [String: Any] = [
            "args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
                "--user-data-dir=\(profile)/profile",
            ],
            "binary": BuiltProducts.programPath("chromium") ?? "",
        ]
        let wanted: [String: Any] = [
            "goog:chromeOptions": options, "goog:loggingPrefs": ["browser": "ALL", "performance": "ALL"],
        ]
        let answer = try await exchange(
            client, "POST", "\(base)/session", ["capabilities": ["alwaysMatch": wanted]])
        guard let value = answer as? [String: Any], let id = value["sessionId"] as? String else {
            throw Failure(description: "no session: \(answer)")
        }
        return Browser(session: "\(base)/session/\(id)", client: client)
    }

    private static func exchange(
        _ client: HTTPClient, _ method: String, _ url: String, _ body: [String: Any]?
    ) async throws -> Any {
        var request = HTTPClientRequest(url: url)
        request.method = .init(rawValue: method)
        request.headers.add(name: "Content-Type", value: "application/json")
        if method == "POST" {
            request.body = .bytes(ByteBuffer(bytes: try JSONSerialization.data(withJSONObject: body ?? [:])))
        }
        let response = try await client.execute(request, timeout: .seconds(60))
        let data = Data((try await response.body.collect(upTo: 32 << 20)).readableBytesView)
        let value = (try JSONSerialization.jsonObject(with: data) as? [String: Any])?["value"] ?? NSNull()
        guard response.status == .ok else { throw Failure(description: "\(method) \(url): \(value)") }
        return value
    }

    @discardableResult
    private func send(_ method: String, _ path: String, _ body: [String: Any]? = nil) async throws -> Any {
        try await Self.exchange(client, method, session + path, body)
    }

    func open(_ url: String) async throws { try await send("POST", "/url", ["url": url]) }

    /// The value of a script's `return`.
    func script(_ text: String) async throws -> Any {
        try await send("POST", "/execute/sync", ["script": text, "args": []])
    }

    func text(_ script: String) async throws -> String { try await self.script("return \(script)") as? String ?? "" }

    func strings(_ script: String) async throws -> [String] { try await self.script(script) as? [String] ?? [] }

    @discardableResult
    func devTools(_ command: String, _ parameters: [String: Any] = [:]) async throws -> Any {
        try await send("POST", "/goog/cdp/execute", ["cmd": command, "params": parameters])
    }

    func prefer(_ scheme: String) async throws {
        try await devTools(
            "Emulation.setEmulatedMedia", ["features": [["name": "prefers-color-scheme", "value": scheme]]])
    }

    func resize(width: Int, height: Int) async throws {
        try await devTools(
            "Emulation.setDeviceMetricsOverride",
            ["width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500])
    }

    func disableScripts(_ isDisabled: Bool) async throws {
        try await devTools("Emulation.setScriptExecutionDisabled", ["value": isDisabled])
    }

    /// As a keyboard does it.
    func press(_ key: String) async throws {
        let actions: [[String: Any]] = [["type": "keyDown", "value": key], ["type": "keyUp", "value": key]]
        try await send("POST", "/actions", ["actions": [["type": "key", "id": "keyboard", "actions": actions]]])
    }

    /// What was written to the console since it was last asked for.
    func console() async throws -> [String] {
        let entries = try await send("POST", "/se/log", ["type": "browser"]) as? [[String: Any]] ?? []
        return entries.compactMap { $0["message"] as? String }
    }

    /// Every address that was asked for since this was last asked.
    func requests() async throws -> [String] {
        let entries = try await send("POST", "/se/log", ["type": "performance"]) as? [[String: Any]] ?? []
        return entries.compactMap { entry in
            guard let text = entry["message"] as? String,
                let message = (try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])?["message"]
                    as? [String: Any], message["method"] as? String == "Network.requestWillBeSent",
                let parameters = message["params"] as? [String: Any],
                let request = parameters["request"] as? [String: Any]
            else { return nil }
            return request["url"] as? String
        }
    }
}
