import Domain
import Foundation

@testable import Server

/// Requests that go wrong in every way that somebody thought of, the same for the same seed.
struct RequestMutator {
    /// What a caller may have: nothing that is valid, or all.
    enum Credentials { case none, valid }

    private var random: Random
    private let credentials: Credentials
    private let samples: [(Sample, Data)]

    /// SplitMix64.
    struct Random: RandomNumberGenerator {
        private var state: UInt64

        init(_ seed: UInt64) { state = seed }

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    init(seed: UInt64, credentials: Credentials) throws {
        random = Random(seed)
        self.credentials = credentials
        samples = try Sample.all.map { ($0, try $0.body) }
    }

    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
    private mutating func number(_ range: Range<Int>) -> Int { Int.random(in: range, using: &random) }
    private mutating func one<Item>(of items: [Item]) -> Item { items[number(0..<items.count)] }

    /// The pieces in which it is sent.
    mutating func next(at seconds: Int64) -> [[UInt8]] {
        var bytes: [UInt8] = []
        for _ in 0..<(chance(10) ? number(2..<6) : 1) { bytes += request(at: seconds) }
        if chance(40) { damage(&bytes) }
        if chance(5) { bytes = (0..<number(1..<2000)).map { _ in UInt8.random(in: 0...255, using: &random) } }
        guard chance(15), bytes.count > 4 else { return [bytes] }
        let size = max(1, bytes.count / number(2..<20))
        return stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min($0 + size, bytes.count)]) }
    }

    private mutating func request(at seconds: Int64) -> [UInt8] {
        chance(60) ? hook(at: seconds) : call()
    }

    // MARK: Hooks

    private mutating func hook(at seconds: Int64) -> [UInt8] {
        let (sample, original) = one(of: samples)
        var body = Array(original)
        if chance(50) { body = json(from: body) }
        let provider = chance(20) ? .generic : sample.provider
        let secret = credentials == .valid ? "secret of \(provider.rawValue)" : one(of: ["", "wrong", "secret"])
        var headers = sample.headers.map { ($0.key, $0.value) }
        let stamp = chance(20) ? one(of: [Int64.min, .max, Int64.min &+ seconds, 0, -1, seconds + 301]) : seconds
        for (name, value) in Signer.headers(
            provider, Data(body), secret: secret, id: "\(number(0..<1_000_000))", at: stamp)
        {
            headers.append((name, chance(20) ? spoiled(value) : value))
        }
        headers.append(("Content-Type", one(of: ["application/json", "application/json", "text/plain", ";", ""])))
        return assembled("POST", "/hooks/\(provider.rawValue)", headers, body)
    }

    private mutating func json(from body: [UInt8]) -> [UInt8] {
        switch number(0..<8) {
        case 0:
            // One more than the decoder's own limit of 512, and around it.
            return Array(String(repeating: "[", count: chance(50) ? number(510..<516) : number(1..<20_000)).utf8)
        case 1: return Array(String(repeating: #"{"ref":"#, count: number(1..<5_000)).utf8)
        case 2: return Array(body.prefix(number(0..<body.count)))
        case 3: return Array(#"{"ref":1e999999,"ref":-0,"repository":{"clone_url":"\ud800","full_name":""}}"#.utf8)
        case 4: return [0xFF, 0xFE] + body
        case 5:
            var text = String(decoding: body, as: UTF8.self)
            for word in ["refs/heads/main", "null", "true", "{", "\"", "0000000000"] where chance(30) {
                text = text.replacing(word, with: one(of: ["", "[]", "{}", "\"\"", "-1", "\u{0}", "refs/heads/"]))
            }
            return Array(text.utf8)
        default:
            var changed = body
            for _ in 0..<number(1..<10) where !changed.isEmpty {
                changed[number(0..<changed.count)] = UInt8.random(in: 0...255, using: &random)
            }
            return changed
        }
    }

    // MARK: The API

    private static let paths = StatusTests.reads + StatusTests.writes + ["/healthz", "/readyz", "/metrics", "/", "*"]

    private mutating func call() -> [UInt8] {
        var path = one(of: Self.paths)
        if chance(40) {
            path += one(of: [
                "?", "?limit=99999999999999999999", "?after=%00", "?after=%F0%9F", "?=&=&&", "/..%2f..%2f", "//", "%",
                "?request=x", "?type=*", "?selector=a=b=c,=", "#x",
                "?\(String(repeating: "a", count: number(1..<9000)))",
                "/\(String(repeating: "x/", count: number(1..<2000)))", "?state=in-sync",
            ])
        }
        if chance(5) {
            path = one(of: ["http://", "http://[", "://", "http://a:b/", "x", "", "http://h?q", "%2F%2F", "\u{FF}"])
        }
        var headers: [(String, String)] = []
        if credentials == .valid || chance(50) {
            let token = credentials == .valid ? one(of: Array(ServerStage.tokens.values).sorted()) : "wrong"
            headers.append(("Authorization", one(of: ["Bearer ", "bearer  ", "Basic ", ""]) + token))
        }
        if chance(10) {
            headers.append(("traceparent", one(of: ["00-0-0-0", "ff-", String(repeating: "-", count: 60)])))
        }
        if chance(10) { headers.append(("Last-Event-ID", spoiled("0193"))) }
        headers.append(("Content-Type", chance(80) ? "application/json" : spoiled("application/json")))
        let bodies = [
            "", "{}", #"{"reason":"x"}"#, #"{"reason":"x","for":"9999999999999999999h"}"#,
            #"{"reason":"\u0000\ud800"}"#,
            #"{"reason":"x","guard":"window"}"#, #"{"reason":"x","to":"v1","withoutGit":true}"#, "[", "nul",
            #"{"reason":"x","since":"-1h"}"#, #"{"reason":"x","since":"99999999-01-01T00:00:00Z"}"#,
            #"{"reason":1e400}"#, String(repeating: "[", count: chance(50) ? 513 : number(1..<60_000)),
            #"{"reason":"x","reason":{}}"#,
        ]
        let method =
            chance(85) ? one(of: ["GET", "POST"]) : one(of: ["HEAD", "PUT", "OPTIONS", "CONNECT", "G ET", "\u{0}"])
        return assembled(method, path, headers, method == "GET" ? [] : Array(one(of: bodies).utf8))
    }

    // MARK: HTTP

    private mutating func assembled(
        _ method: String, _ path: String, _ given: [(String, String)], _ body: [UInt8]
    ) -> [UInt8] {
        var headers = given
        if chance(10) { headers.append(("X-Long", String(repeating: "y", count: number(1..<80_000)))) }
        if chance(5) { headers += (0..<number(1..<1200)).map { ("X-\($0)", "z") } }
        if chance(10), let some = headers.randomElement(using: &random) { headers.append((some.0, spoiled(some.1))) }
        if chance(5) { headers.append((spoiled("X-Odd"), spoiled("odd"))) }
        if chance(3) { headers.append(("Expect", "100-continue")) }
        if chance(3) { headers.append(("Upgrade", "h2c")) }
        if chance(10) { headers.append(("Connection", one(of: ["close", "keep-alive", "upgrade", ""]))) }
        headers.shuffle(using: &random)
        var sent = body
        switch number(0..<12) {
        case 0:
            headers.append(("Transfer-Encoding", "chunked"))
            sent = chunked(body)
        case 1:
            headers.append(("Content-Length", one(of: ["-1", "x", "99999999999999999999", "3145729", "1, 1", " "])))
        case 2: headers.append(("Content-Length", "\(max(0, body.count + number(-50..<50)))"))
        case 3:
            headers.append(("Content-Length", "\(body.count)"))
            headers.append(("Transfer-Encoding", one(of: ["chunked", "gzip", "chunked, chunked", "identity"])))
        default: headers.append(("Content-Length", "\(body.count)"))
        }
        let version =
            chance(95) ? "HTTP/1.1" : one(of: ["HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "HTTP/1.1.1", "", "http/1.1"])
        let end = chance(97) ? "\r\n" : one(of: ["\n", "\r", "\r\n\r\n", "\r\n "])
        var text = "\(method) \(path) \(version)\(end)"
        if chance(95) { text += "Host: ballast\(end)" }
        for (name, value) in headers { text += "\(name): \(value)\(end)" }
        return Array((text + end).utf8) + sent
    }

    private mutating func chunked(_ body: [UInt8]) -> [UInt8] {
        var sent: [UInt8] = []
        var rest = body[...]
        while !rest.isEmpty {
            let part = rest.prefix(number(1..<max(2, rest.count + 1)))
            rest = rest.dropFirst(part.count)
            let size =
                chance(95)
                ? String(part.count, radix: 16) : one(of: ["", "g", "-1", "ffffffffffffffff", "0x1", "1;ext=1"])
            sent += Array("\(size)\r\n".utf8) + part + Array("\r\n".utf8)
        }
        return chance(90) ? sent + Array("0\r\n\r\n".utf8) : sent
    }

    private mutating func spoiled(_ text: String) -> String {
        switch number(0..<8) {
        case 0: return ""
        case 1: return String(text.dropLast(number(0..<4)))
        case 2: return text + text
        case 3: return text.uppercased()
        case 4: return String(repeating: text, count: number(1..<50))
        case 5: return "\u{1}\u{7F}\u{FF}" + text
        case 6: return "sha256=" + text
        default: return text.replacing("=", with: ",").replacing("v1", with: "v2")
        }
    }

    private mutating func damage(_ bytes: inout [UInt8]) {
        guard bytes.count > 2 else { return }
        switch number(0..<4) {
        case 0: bytes.removeLast(number(0..<bytes.count))
        case 1:
            bytes.insert(
                contentsOf: (0..<number(1..<50)).map { _ in UInt8.random(in: 0...255, using: &random) },
                at: number(0..<bytes.count))
        case 2: bytes.removeSubrange(number(0..<bytes.count / 2)..<number(bytes.count / 2..<bytes.count))
        default:
            for _ in 0..<number(1..<6) { bytes[number(0..<bytes.count)] = UInt8.random(in: 0...255, using: &random) }
        }
    }
}
