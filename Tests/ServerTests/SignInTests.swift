import Domain
import Foundation
import Testing

@testable import Server

@Suite("Browsers that signed in")
struct SignInTests {
    private func tick(_ seconds: Double) -> Tick { Tick(milliseconds: Int64(seconds * 1000)) }

    @Test("a session is found by its own id alone, says nothing of the token, and ends") func sessions() throws {
        let sessions = BrowserSessions()
        let secret = "the token of the wall"
        let id = sessions.begin(token: "wall", secret: secret, now: tick(0))
        let other = sessions.begin(token: "wall", secret: secret, now: tick(0))
        #expect(id != other)
        #expect(id.utf8.count >= 43 && !id.contains(secret))
        #expect(sessions.find(id, now: tick(1))?.token == "wall")
        #expect(sessions.find(id + "x", now: tick(1)) == nil)
        #expect(sessions.find("", now: tick(1)) == nil)
        #expect(sessions.find(id, now: tick(0) + BrowserSessions.lifetime) == nil)
        sessions.end(id)
        #expect(sessions.find(id, now: tick(1)) == nil)
        #expect(sessions.find(other, now: tick(1)) != nil)
    }

    @Test("sessions fill no memory: the oldest makes room") func limit() {
        let sessions = BrowserSessions()
        let first = sessions.begin(token: "t", secret: "s", now: tick(0))
        var last = ""
        for number in 1...BrowserSessions.maxSessions {
            last = sessions.begin(token: "t", secret: "s", now: tick(Double(number)))
        }
        #expect(sessions.find(first, now: tick(2000)) == nil)
        #expect(sessions.find(last, now: tick(2000)) != nil)
    }

    @Test("the cookie is for us alone, and Secure behind TLS") func cookie() {
        let plain = BrowserSessions.setCookie("abc", isSecure: false)
        #expect(plain == "ballast-session=abc; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict")
        #expect(BrowserSessions.setCookie("abc", isSecure: true) == plain + "; Secure")
        #expect(BrowserSessions.setCookie(nil, isSecure: false).contains("Max-Age=0;"))
    }

    @Test("ten mistakes at once, then one every six seconds; another peer is not held up") func throttle() throws {
        var budget = FailureBudget()
        for _ in 0..<10 {
            #expect(budget.wait("a", now: tick(0)) == nil)
            budget.failed("a", now: tick(0))
        }
        let asked = budget.wait("a", now: tick(0))
        let wait = try #require(asked)
        #expect(wait > .seconds(5) && wait <= .milliseconds(6001))
        #expect(budget.wait("b", now: tick(0)) == nil)
        #expect(budget.wait("a", now: tick(5)) != nil)
        #expect(budget.wait("a", now: tick(6.1)) == nil)
        budget.failed("a", now: tick(6.1))
        #expect(budget.wait("a", now: tick(6.1)) != nil)
        #expect(budget.wait("a", now: tick(120)) == nil)
    }

    @Test("many peers share one budget in the end") func manyPeers() {
        var budget = FailureBudget()
        for number in 0..<FailureBudget.maxPeers { budget.failed("peer-\(number)", now: tick(0)) }
        for _ in 0..<10 { budget.failed("new-\(UUID())", now: tick(0)) }
        #expect(budget.wait("yet another", now: tick(0)) != nil)
        #expect(budget.wait("yet another", now: tick(300)) == nil)
    }

    @Test(
        "a form's fields",
        arguments: [
            ("token=a+b%2Bc&next=%2Fx", ["token": "a b+c", "next": "/x"]), ("", [:]), ("token", ["token": ""]),
            ("token=a&token=b", ["token": "a"]), ("=x&&token==", ["": "x", "token": "="]), ("token=%ff", ["token": ""]),
        ])
    func form(text: String, expected: [String: String]) { #expect(FormBody.fields(text) == expected) }
}
