import Crypto
import Foundation

/// A push webhook as GitHub sends it: about the size of a real one, signed over its body.
struct HookRequest {
    static let secret = "the secret of the hook"

    private let head: String
    private let body: [UInt8]

    /// - Parameter repository: the address under which the daemon watches it.
    init(repository: String) throws {
        let commits = (0..<8).map { number in
            [
                "id": String(repeating: "\(number)", count: 40),
                "message": "Roll bot \(number) back to the version of last week, because it misses orders",
                "url": "https://github.example/team/bots/commit/\(String(repeating: "\(number)", count: 40))",
                "timestamp": "2026-11-22T10:00:00Z", "author": "Ada Example <ada@example.com>",
                "modified": "bots/\(number)/bot-\(number).yaml",
                "note": String(repeating: "of which the daemon reads nothing ", count: 8),
            ]
        }
        let payload: [String: Any] = [
            "ref": "refs/heads/main", "after": String(repeating: "a", count: 40), "deleted": false,
            "repository": ["full_name": "team/bots", "git_url": repository], "commits": commits,
        ]
        body = Array(try JSONSerialization.data(withJSONObject: payload, options: [.sortedKeys]))
        let code = HMAC<SHA256>.authenticationCode(for: body, using: SymmetricKey(data: Data(Self.secret.utf8)))
        let hex = code.map { String(format: "%02x", $0) }.joined()
        head = """
            POST /hooks/github HTTP/1.1\r
            Host: localhost\r
            Content-Type: application/json\r
            Content-Length: \(body.count)\r
            User-Agent: GitHub-Hookshot/bench\r
            X-GitHub-Event: push\r
            X-Hub-Signature-256: sha256=\(hex)\r
            X-GitHub-Delivery: 
            """
    }

    var bodyBytes: Int { body.count }

    /// - Parameter delivery: distinct for every delivery, or it is taken for a repetition.
    func bytes(delivery: String) -> [UInt8] { Array("\(head)\(delivery)\r\n\r\n".utf8) + body }

    /// The part of the configuration that lets it in.
    static func configuration(in folder: String) throws -> String {
        try secret.write(toFile: "\(folder)/hook", atomically: true, encoding: .utf8)
        return "server: {port: 0, hooks: {github: {secret: {file: hook}}}}"
    }
}
