import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Support
import Testing

/// The dashboard of a running server, as `curl` sees it.
@Suite("The dashboard over HTTP", .timeLimit(.minutes(3)))
struct DashboardTests {
    struct Answer {
        var status: UInt
        var headers: [String: String]
        var text: String
    }

    private func ask(
        _ url: String, _ method: String = "GET", _ headers: [String: String] = [:], body: String? = nil
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: url)
        request.method = .init(rawValue: method)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body { request.body = .bytes(ByteBuffer(string: body)) }
        let client = HTTPClient(
            eventLoopGroupProvider: .singleton,
            configuration: .init(redirectConfiguration: .disallow, timeout: .init(connect: .seconds(5))))
        do {
            let response = try await client.execute(request, timeout: .seconds(20))
            let body = String(buffer: try await response.body.collect(upTo: 4 << 20))
            try await client.shutdown()
            let fields = Dictionary(
                response.headers.map { ($0.name.lowercased(), $0.value) }, uniquingKeysWith: { first, _ in first })
            return Answer(status: response.status.code, headers: fields, text: body)
        } catch {
            try await client.shutdown()
            throw error
        }
    }

    private func signIn(
        _ url: String, _ token: String, next: String = "/", _ more: [String: String] = [:]
    ) async throws -> Answer {
        var headers = ["Content-Type": "application/x-www-form-urlencoded"]
        headers.merge(more) { _, own in own }
        let encoded = token.replacing(" ", with: "+")
        return try await ask("\(url)/sign-in", "POST", headers, body: "token=\(encoded)&next=\(next)")
    }

    private func cookie(_ answer: Answer) -> String {
        String(answer.headers["set-cookie"]?.prefix { $0 != ";" } ?? "")
    }

    @Test(
        "without a token every page is 401 with the form; with one by the form all is to be read, and nothing written")
    func signingIn() async throws {
        try await Served.run { served in
            let url = served.url
            for path in ["/", "/bots/order-support", "/rollouts", "/rollouts/x", "/outbox", "/audit", "/delivery"] {
                let answer = try await ask(url + path)
                #expect(answer.status == 401, "\(path)")
                #expect(answer.headers["www-authenticate"]?.hasPrefix("Bearer") == true)
                #expect(answer.text.contains("<label for=\"token\">"), "\(path)")
                #expect(answer.text.contains("name=\"next\" value=\"\(path)\""), "\(path)")
                #expect(!answer.text.contains("order-support<"), "\(path)")
            }
            let wrong = try await signIn(url, "not a token")
            #expect(wrong.status == 401)
            #expect(wrong.headers["set-cookie"] == nil)
            #expect(!wrong.text.contains("not a token"))
            let right = try await signIn(url, "the token of looker", next: "/audit")
            #expect(right.status == 303)
            #expect(right.headers["location"] == "/audit")
            #expect(right.headers["set-cookie"]?.contains("HttpOnly; SameSite=Strict") == true)
            #expect(right.headers["set-cookie"]?.contains("Secure") == false)
            let cookie = ["Cookie": cookie(right)]
            #expect(!cookie.values.joined().contains("token"))
            for path in ["/", "/rollouts", "/outbox", "/audit", "/delivery", "/api/v1/bots"] {
                #expect(try await ask(url + path, "GET", cookie).status == 200, "\(path)")
            }
            // The cookie of an admin, too, only looks.
            let chief = [
                "Cookie": self.cookie(try await signIn(url, "the token of chief")), "Content-Type": "application/json",
            ]
            let write = try await ask(
                url + "/api/v1/suspend", "POST", chief, body: #"{"reason": "by a cookie", "for": "1h"}"#)
            #expect(write.status == 401)
            let out = try await ask(url + "/sign-out", "POST", cookie)
            #expect(out.status == 303)
            #expect(out.headers["set-cookie"]?.contains("Max-Age=0") == true)
            #expect(try await ask(url + "/", "GET", cookie).status == 401)
        }
    }

    @Test(
        "a form from another site is refused; a proxy's TLS makes the cookie Secure; a next elsewhere is not followed")
    func edges() async throws {
        try await Served.run { served in
            let url = served.url
            let token = "the token of looker"
            #expect(try await signIn(url, token, next: "/", ["Sec-Fetch-Site": "cross-site"]).status == 403)
            let secure = try await signIn(url, token, next: "//evil.example", ["X-Forwarded-Proto": "https"])
            #expect(secure.headers["set-cookie"]?.contains("; Secure") == true)
            #expect(secure.headers["location"] == "/")
            let forwarded = try await signIn(url, token, next: "/", ["Forwarded": "for=1.2.3.4;proto=https"])
            #expect(forwarded.headers["set-cookie"]?.contains("; Secure") == true)
            let json = try await ask("\(url)/sign-in", "POST", ["Content-Type": "application/json"], body: "{}")
            #expect(json.status == 415)
            #expect(try await ask("\(url)/", "POST").status == 405)
            let large = try await signIn(url, String(repeating: "x", count: 100_000))
            #expect(large.status == 413)
        }
    }

    @Test("a rotated token ends its sessions; too many mistakes are told to wait, and say for how long")
    func rotation() async throws {
        try await Served.run { served in
            let url = served.url
            let cookie = ["Cookie": cookie(try await signIn(url, "the token of looker"))]
            #expect(try await ask(url + "/", "GET", cookie).status == 200)
            try served.stage.folder.write("another token of looker\n", to: "looker-token")
            try await eventually("the old session has ended") { try await ask(url + "/", "GET", cookie).status == 401 }
            var last = try await signIn(url, "wrong")
            for _ in 0..<20 where last.status == 401 { last = try await signIn(url, "wrong") }
            #expect(last.status == 429)
            #expect(Int(last.headers["retry-after"] ?? "").map { (1...7).contains($0) } == true)
            // A bearer is no guess at the door.
            let bearer = ["Authorization": "Bearer another token of looker"]
            #expect(try await ask(url + "/", "GET", bearer).status == 200)
        }
    }

    @Test("pages carry a strict policy, are kept by nobody, and say when nothing changed") func headers() async throws {
        try await Served.run { served in
            try await served.settle()
            let bearer = ["Authorization": "Bearer the token of looker"]
            let page = try await ask(served.url + "/", "GET", bearer)
            #expect(page.headers["content-security-policy"]?.hasPrefix("default-src 'none'; ") == true)
            #expect(page.headers["content-security-policy"]?.contains("unsafe") == false)
            #expect(page.headers["cache-control"] == "no-store")
            #expect(page.headers["x-content-type-options"] == "nosniff")
            #expect(page.headers["x-request-id"] != nil)
            let path = "/bots/default/bot_12345/PRODUCTION"
            let bot = try await ask(served.url + path, "GET", bearer)
            #expect(bot.text.contains("order-support"))
            #expect(try await ask(served.url + "/bots/order-support", "GET", bearer).status == 200)
            var conditional = bearer
            conditional["If-None-Match"] = bot.headers["etag"]
            #expect(try await ask(served.url + path, "GET", conditional).status == 304)
            for path in [
                "/delivery?by=nothing", "/delivery?days=8", "/bots/nobody", "/rollouts/nothing",
                "/rollouts?after=nonsense", "/outbox?after=x",
            ] {
                let answer = try await ask(served.url + path, "GET", bearer)
                #expect(answer.status == 404 || answer.status == 400, "\(path): \(answer.status)")
                #expect(answer.headers["content-type"]?.hasPrefix("text/html") == true, "\(path)")
            }
            for asset in ["/assets/style.css", "/assets/live.js", "/assets/icon.svg"] {
                #expect(try await ask(served.url + asset).status == 200, "\(asset)")
            }
        }
    }

    @Test("the pages tell what happened: the rollout with its guards, its request and its turns; the trail; the outbox")
    func story() async throws {
        try await Served.run { served in
            try await served.settle()
            let bearer = ["Authorization": "Bearer the token of looker"]
            let fleet = try await ask(served.url + "/", "GET", bearer).text
            #expect(fleet.contains("The one bot is in sync."))
            let rollouts = try await ask(served.url + "/rollouts", "GET", bearer).text
            let id = try #require(rollouts.firstMatch(of: try Regex("/rollouts/([0-9a-f-]{36})"))?.output[1].substring)
            let rollout = try await ask(served.url + "/rollouts/" + id, "GET", bearer).text
            for word in [
                "Succeeded", "blast-radius", "Request answered", "I need help with my order", "Confidence", id,
            ] {
                #expect(rollout.contains(word), "\(word)")
            }
            try await eventually("the trail was proved") {
                try await ask(served.url + "/audit", "GET", bearer).text.contains("The audit trail is whole.")
            }
            let delivery = try await ask(served.url + "/delivery", "GET", bearer).text
            #expect(delivery.contains("1 deployment ended in the last 30 days, 1 of them well."), "\(delivery)")
            #expect(delivery.contains("<bdi>PRODUCTION</bdi>") && delivery.contains("label=team"))
            let team = try await ask(served.url + "/delivery?by=label%3Dteam&days=7", "GET", bearer).text
            #expect(team.contains("<th scope=\"row\"><bdi>orders</bdi>") && team.contains("0 %"), "\(team)")
            let outbox = try await ask(served.url + "/outbox", "GET", bearer).text
            #expect(outbox.contains("rollout.succeeded") && outbox.contains("pipeline"))
        }
    }
}
