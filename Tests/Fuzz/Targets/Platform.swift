import Domain
import Exchange
import Platforms

extension Target {
    static let platform: [Target] =
        [
            v1("versions", .versions(botId: "b", page: 1)),
            v1("sessions", .sessions(botId: "b", environment: "P", page: 2)),
            v1("jobs", .jobs(botId: nil, environment: "P", page: 1)),
            v1("status", .status(jobId: "j")),
            v1("test", .test(botId: "b", environment: "P", message: "m")),
            v1(
                "deploy",
                .deploy(
                    DeploymentRequest(
                        botId: "b", targetVersion: "v", environment: "P", direction: .rollback,
                        validateDependencies: true,
                        idempotencyKey: "k"))),
        ] + [
            Target(
                name: "address", share: 40,
                words: [
                    "https://", "http://", "[::1]", "[::ffff:169.254.169.254]", "127.0.0.1", "0x7f.1", "2130706433",
                    "@", "?", "#",
                    ":99999", "/../", "%2e", "localhost", "\\",
                ], read: { try readAddress($0) })
        ]

    private static func v1(_ name: String, _ request: PlatformRequest) -> Target {
        Target(
            name: "v1-\(name)", share: 12,
            words: [
                "\"success\":true", "\"success\":false", "\"data\":", "\"data\":null", "\"pagination\":{", "\"total\":",
                "\"id\":",
                "\"state\":\"COMPLETED\"", "\"state\":\"completed\"", "\"createdAt\":\"2026-11-22T10:00:00Z\"",
                "\"versionId\":",
                "\"confidence\":", "key-1234", "\"jobId\":\"\"", "[]", "{}", "[[[[[[[[",
            ], read: { try readAnswer($0, request) })
    }

    /// What is kept of an answer can be shown, and holds no secret.
    private static func readAnswer(_ bytes: [UInt8], _ request: PlatformRequest) throws -> Outcome {
        let answer: PlatformAnswer
        do {
            answer = try V1Decoder.decode(bytes, for: request, secrets: ["key-1234"])
        } catch let error as DecodingError {
            return .refused(V1Decoder.words(error))
        } catch {
            return .refused("no success")
        }
        switch answer {
        case .versions(let items, let page):
            for item in items { try check(id: item.id) }
            try check(page)
            return .good("versions \(items.first.map { "\($0.environment == nil) \($0.createdAt == nil)" } ?? "-")")
        case .sessions(let count, let page):
            try promise(count >= 0, "\(count) sessions")
            try check(page)
            return .good("sessions \(count.signum()) \(page.next == nil)")
        case .jobs(let items, let page):
            for item in items {
                for id in [item.jobId, item.botId, item.targetVersion, item.environment] { try check(id: id) }
                try check(text: item.errorMessage)
                try check(text: item.createdBy)
            }
            try check(page)
            return .good("jobs \(items.map { "\($0.state) \($0.completedAt == nil)" }.prefix(3))")
        case .status(let state, let message):
            try check(text: message)
            return .good("status \(state) \(message == nil)")
        case .accepted(let jobId):
            if let jobId { try check(id: jobId) }
            return .good("accepted \(jobId == nil)")
        case .turn(let turn):
            try check(text: turn.intent)
            return .good("turn \(turn.intent == nil) \(turn.entities.count.signum())")
        case .deployed: throw BrokenPromise("an answer to a question that v1 does not have")
        }
    }

    private static func check(id: String) throws {
        try promise(!id.isEmpty && id.utf8.count <= 4096, "an id of \(id.utf8.count) bytes")
        try promise(UntrustedText.cleaned(id, maxCharacters: 8192) == id, "an id that cannot be shown: \(id)")
    }

    private static func check(text: String?) throws {
        guard let text else { return }
        try promise(text.unicodeScalars.count <= UntrustedText.maxMessageCharacters, "a text of \(text.count)")
        try promise(!text.contains("key-1234"), "a secret in \(text)")
        try promise(!text.unicodeScalars.contains { $0.value < 32 || $0.value == 0x202E }, "a control character")
    }

    private static func check(_ page: PageInfo) throws {
        try promise(page.next.map { $0 == page.page + 1 } ?? true, "page \(page.page), then \(page.next ?? 0)")
    }

    @Sendable private static func readAddress(_ bytes: [UInt8]) throws -> Outcome {
        let text = String(decoding: bytes, as: UTF8.self)
        if let literal = IPBytes(literal: text) {
            try promise(literal.bytes.count == 4 || literal.bytes.count == 16, "an address of \(literal.bytes)")
            try promise(!(literal.isLoopback && literal.isPublic), "\(text) is loopback and public")
        }
        var outcome = Outcome()
        for allowsQuery in [false, true] {
            do {
                let address = try WebAddress(text, allowsQuery: allowsQuery)
                try promise(!address.host.isEmpty && !text.contains("#"), "\(text) was taken")
                try promise(!address.isPlain || address.isLoopbackName, "\(text): http to another machine")
                try promise(!address.shown.contains("@"), "\(text): a user in what is shown")
                outcome.succeed()
                outcome.add("\(address.isPlain) \(address.port == nil) \(address.literal == nil)")
            } catch let error as ExchangeError { outcome.add(error.message.prefix(while: { $0 != ":" }).description) }
        }
        return outcome
    }
}
