import Domain
import Foundation
import Testing

@testable import Server

@Suite("Push webhooks, delivery by delivery")
struct HookIntakeTests {
    private typealias Headers = [(name: String, value: String)]

    private func sent(_ sample: Sample) -> Headers { sample.headers.map { (name: $0.key, value: $0.value) } }

    /// A body that ended with the bracket that goes beyond the decoder's own limit ended the process.
    @Test("a body that is nested too deeply is no delivery", arguments: ServerSettings.Provider.allCases)
    func nesting(_ provider: ServerSettings.Provider) throws {
        guard provider != .generic else { return }
        let sample = try Sample.first(provider, provider == .bitbucket ? "cloud-push" : "push")
        for depth in [129, 511, 512, 513, 514, 5000] {
            let body = Data(String(repeating: "[", count: depth).utf8)
            let headers = sample.headers.map { (name: $0.key, value: $0.value) }
            let answer = HookIntake.sample().judge(
                provider, headers + Signer.headers(provider, body, secret: "the new secret"), body)
            #expect(answer.code == 400, "\(depth): \(answer)")
        }
    }

    @Test("what each provider sends is answered as the description says, under either secret", arguments: Sample.all)
    func providers(_ sample: Sample) throws {
        let body = try sample.body
        for secret in ["the old secret", "the new secret"] {
            let signed = Signer.headers(sample.provider, body, secret: secret)
            let answer = HookIntake.sample().judge(sample.provider, sent(sample) + signed, body)
            #expect(answer == sample.expected)
        }
    }

    @Test("no signature, an empty, another or a cut one: 401, whatever the body says", arguments: Sample.all)
    func unsigned(_ sample: Sample) throws {
        let intake = HookIntake.sample()
        let body = try sample.body
        let headers = sent(sample)
        #expect(intake.judge(sample.provider, headers, body) == .badSignature)
        for secret in ["", "another secret"] {
            let signed = Signer.headers(sample.provider, body, secret: secret)
            #expect(intake.judge(sample.provider, headers + signed, body) == .badSignature)
        }
        for (name, value) in Signer.headers(sample.provider, body, secret: "the old secret") {
            for wrong in ["", "sha256=", String(value.dropLast(3)), "sha1=" + value] {
                let answer = intake.judge(sample.provider, headers + [(name, wrong)], body)
                #expect(answer == .badSignature, "\(wrong)")
            }
        }
        // What one provider signs opens no other provider's door.
        for other in ServerSettings.Provider.allCases where other != sample.provider {
            let signed = Signer.headers(other, body, secret: "the old secret")
            #expect(intake.judge(sample.provider, headers + signed, body) == .badSignature, "\(other)")
        }
    }

    @Test(
        "a body that was changed after it was signed is 401",
        arguments: [ServerSettings.Provider.github, .gitea, .bitbucket, .generic])
    func changed(_ provider: ServerSettings.Provider) {
        let signed = Signer.headers(provider, Data("{}".utf8), secret: "the old secret")
        for text in ["{ }", "{}\n", ""] {
            #expect(HookIntake.sample().judge(provider, signed, Data(text.utf8)) == .badSignature, "\(text)")
        }
    }

    @Test("400 for a signed body that is not the provider's JSON, and it says where")
    func notTheirs() {
        let events: [ServerSettings.Provider: (String, String)] = [
            .github: ("X-GitHub-Event", "push"), .gitlab: ("X-Gitlab-Event", "Push Hook"),
            .gitea: ("X-Gitea-Event", "push"), .bitbucket: ("X-Event-Key", "repo:push"), .azure: ("X-None", "x"),
        ]
        for (provider, header) in events {
            for text in [
                "", "{", "[]", "null", "1", "{}", #"{"ref": 1}"#, #"{"ref": "refs/heads/main", "repository": []}"#,
                #"{"eventType": "git.push"}"#, #"{"push": {}, "repository": {}}"#, "\u{0}",
                String(repeating: #"{"a":"#, count: 100_000), String(repeating: "[", count: 100_000),
            ] {
                let body = Data(text.utf8)
                let signed = Signer.headers(provider, body, secret: "the new secret")
                let answer = HookIntake.sample().judge(provider, [(header.0, header.1)] + signed, body)
                guard case .badBody(let message) = answer else {
                    Issue.record("\(provider) \(text.prefix(40)): \(answer)")
                    continue
                }
                #expect(message.count < 300)
            }
        }
    }

    @Test("only JSON is taken, from GitHub a form too, and from `generic` whatever is signed")
    func types() {
        for provider in ServerSettings.Provider.allCases {
            let body = Data("{}".utf8)
            let signed = Signer.headers(provider, body, secret: "the old secret")
            for type in ["text/plain", nil, "application/x-www-form-urlencoded", "application/json5"] {
                let answer = HookIntake.sample().judge(provider, signed, body, type: type)
                let isTaken = provider == .generic || (provider == .github && type?.contains("form") == true)
                #expect((answer != .badType) == isTaken, "\(provider) \(type ?? "none")")
            }
            #expect(HookIntake.sample().judge(provider, [], body, type: "text/plain") == .badSignature)
            let odd = HookIntake.sample().judge(provider, signed, body, type: "Application/JSON ; charset=utf-8")
            #expect(odd != .badType)
        }
    }

    @Test("GitHub's form is signed as it was sent")
    func form() throws {
        let text = String(decoding: try Sample.first(.github, "push").body, as: UTF8.self)
        let encoded = try #require(text.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
        func answer(_ form: String) -> HookIntake.Answer {
            let body = Data(form.utf8)
            return HookIntake.sample().judge(
                .github, [("X-GitHub-Event", "push")] + Signer.headers(.github, body, secret: "the old secret"), body,
                type: "application/x-www-form-urlencoded")
        }
        for form in ["payload=\(encoded)", "x=1&payload=\(encoded.replacing("%20", with: "+"))"] {
            #expect(answer(form) == .queued)
        }
        for form in ["", "payload", "payload=", "payload=%zz", "load=x", "payload=%7B", "payload=%ff"] {
            #expect(answer(form).code == 400, "\(form)")
        }
    }

    @Test("Bitbucket's ping is answered before a signature is looked at, and asks for nothing")
    func ping() {
        let answer = HookIntake.sample().judge(.bitbucket, [("X-Event-Key", "diagnostics:ping")], Data())
        #expect(answer == .ignored("a ping"))
        let other = HookIntake.sample().judge(.github, [("X-Event-Key", "diagnostics:ping")], Data())
        #expect(other == .badSignature)
    }

    @Test("a delivery that comes twice is 200 the second time; one that was not authenticated is not remembered")
    func twice() throws {
        let ids: [(ServerSettings.Provider, String, String)] = [
            (.github, "push", "X-GitHub-Delivery"), (.gitlab, "push", "webhook-id"),
            (.gitlab, "push", "Idempotency-Key"), (.gitlab, "push", "X-Gitlab-Event-UUID"),
            (.gitea, "push", "X-Gitea-Delivery"), (.gitea, "push", "X-Forgejo-Delivery"),
            (.bitbucket, "cloud-push", "X-Request-UUID"), (.bitbucket, "center-push", "X-Request-Id"),
            (.azure, "push", "X-None"),
        ]
        for (provider, file, name) in ids {
            let sample = try Sample.first(provider, file)
            let body = try sample.body
            let intake = HookIntake.sample()
            func answer(_ id: String, secret: String) -> HookIntake.Answer {
                let signed = Signer.headers(provider, body, secret: secret)
                return intake.judge(provider, sent(sample) + [(name, id)] + signed, body)
            }
            #expect(answer("1", secret: "another secret") == .badSignature)
            #expect(answer("1", secret: "the old secret") == .queued, "\(name)")
            #expect(answer("1", secret: "the new secret") == .ignored("delivered before"), "\(name)")
            // Azure's id stands in the body.
            if provider != .azure { #expect(answer("2", secret: "the old secret") == .queued, "\(name)") }
        }
        let intake = HookIntake.sample()
        for (id, isNew) in [("1", true), ("1", false), ("2", true)] {
            let signed = Signer.standard(Data(), key: Data("the old secret".utf8), id: id)
            #expect((intake.judge(.generic, signed, Data()) == .queued) == isNew)
        }
    }

    @Test("of delivery ids the last 10,000 are remembered, and no more is kept")
    func remembered() {
        var seen = SeenDeliveries()
        let first = (0..<10_000).map { seen.insert("\($0)") }
        #expect(first.allSatisfy { $0 })
        let later = ["0", "10000", "0", "2"].map { seen.insert($0) }
        #expect(later == [false, true, true, false])
    }

    @Test("where one of two secrets cannot be read the other one holds; where none can, it is 503")
    func unreadable() {
        let secrets = StageSecrets.rotating()
        let body = Data("{}".utf8)
        let intake = HookIntake.sample(secrets)
        func answer(_ secret: String, id: String) -> HookIntake.Answer {
            intake.judge(.generic, Signer.headers(.generic, body, secret: secret, id: id), body)
        }
        secrets.set("old", nil)
        #expect(answer("the new secret", id: "1") == .queued)
        #expect(answer("the old secret", id: "2") == .badSignature)
        secrets.set("new", nil)
        #expect(answer("the new secret", id: "3").code == 503)
        secrets.set("new", "")
        #expect(answer("", id: "4") == .badSignature)
    }
}
