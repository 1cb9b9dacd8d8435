import Domain
import Foundation

/// An answer of the platform, before a fault touches it.
struct Answer: Sendable {
    var status = 200
    var envelope = Envelope(success: true)
    /// A body that is no envelope: the token endpoint's.
    var token: TokenAnswer?
    var headers: [String: String] = [:]
    /// The bot thinks for so long.
    var delay = Span.zero

    init(_ data: Envelope.Payload, pagination: Envelope.Pagination? = nil) {
        envelope.data = data
        envelope.pagination = pagination
    }

    init(problem status: Int, _ message: String) {
        self.status = status
        envelope = Envelope(success: false, message: message)
    }

    init(token: TokenAnswer) { self.token = token }

    func body() -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let data = token.map { try? encoder.encode($0) } ?? (try? encoder.encode(envelope))
        return Array(data ?? Data())
    }
}

struct TokenAnswer: Sendable, Encodable {
    var accessToken: String
    var tokenType = "Bearer"
    var expiresIn: Int64
    var scope: String

    private enum CodingKeys: String, CodingKey {
        case accessToken = "access_token"
        case tokenType = "token_type"
        case expiresIn = "expires_in"
        case scope
    }
}

/// The frame of every answer, in the words of the specification.
struct Envelope: Sendable, Encodable {
    var success: Bool?
    var message: String?
    var data: Payload?
    var pagination: Pagination?

    struct Pagination: Sendable, Encodable {
        var page: Int
        var size: Int
        var total: Int
    }

    enum Payload: Sendable, Encodable {
        case versions([Version])
        case sessions([Session])
        case jobs([Job])
        case created(Created)
        case status(Status)
        case turn(Turn)
        case empty

        func encode(to encoder: any Encoder) throws {
            switch self {
            case .versions(let items): try items.encode(to: encoder)
            case .sessions(let items): try items.encode(to: encoder)
            case .jobs(let items): try items.encode(to: encoder)
            case .created(let created): try created.encode(to: encoder)
            case .status(let status): try status.encode(to: encoder)
            case .turn(let turn): try turn.encode(to: encoder)
            case .empty: try [String: String]().encode(to: encoder)
            }
        }
    }

    struct Version: Sendable, Encodable {
        var id: String
        var status: String
        var environment: String
        var createdAt: String
    }

    struct Session: Sendable, Encodable {
        var sessionId: String
        var botId: String
        var environment: String
        var status = "active"
    }

    struct Job: Sendable, Encodable {
        var jobId: String
        var botId: String
        var targetVersionId: String
        var environment: String
        var action: String?
        var state: String
        var errorMessage: String?
        var createdAt: String
        var completedAt: String?
        var createdBy: String?
        var idempotencyKey: String?
    }

    struct Created: Sendable, Encodable {
        var jobId: String
    }

    struct Status: Sendable, Encodable {
        var state: String
        var errorMessage: String?
    }

    struct Turn: Sendable, Encodable {
        struct Intent: Sendable, Encodable {
            var name: String
            var confidence: Double
        }
        var intent: Intent?
        var entities: [SimulatedTurn.Entity]
        var versionId: String?
    }
}
