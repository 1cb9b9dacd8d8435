import Domain
import FoundationEssentials

// The shapes of `data`, operation by operation. Unknown members are ignored; what is named here is checked: ids and names
// are compared and put into addresses later, so they are taken as they are or not at all.

struct V1Version: Decodable {
    var info: VersionInfo

    private enum CodingKeys: String, CodingKey { case id, status, environment, createdAt }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        info = VersionInfo(
            id: try container.name(.id), status: try container.name(.status),
            environment: try container.nameIfPresent(.environment),
            createdAt: try container.instantIfPresent(.createdAt))
    }
}

/// A session counts, whatever it is; its id, where it has one, tells pages apart.
struct V1Session: Decodable {
    var id: String?

    private enum CodingKeys: String, CodingKey { case id, sessionId }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id =
            (try? container.decode(String.self, forKey: .id))
            ?? (try? container.decode(String.self, forKey: .sessionId))
    }
}

struct V1Job: Decodable {
    var info: JobInfo

    private enum CodingKeys: String, CodingKey {
        case jobId, botId, targetVersionId, environment, state, errorMessage, createdAt, completedAt, createdBy
        case idempotencyKey
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        info = JobInfo(
            jobId: try container.name(.jobId), botId: try container.name(.botId),
            targetVersion: try container.name(.targetVersionId), environment: try container.name(.environment),
            state: try container.decode(JobState.self, forKey: .state),
            errorMessage: try container.decodeIfPresent(String.self, forKey: .errorMessage),
            createdAt: try container.instant(.createdAt), completedAt: try container.instantIfPresent(.completedAt),
            createdBy: try container.decodeIfPresent(String.self, forKey: .createdBy),
            idempotencyKey: try container.nameIfPresent(.idempotencyKey))
    }
}

struct V1Status: Decodable {
    var state: JobState
    var errorMessage: String?
}

struct V1Accepted: Decodable {
    var jobId: String

    private enum CodingKeys: String, CodingKey { case jobId }

    init(from decoder: any Decoder) throws {
        jobId = try decoder.container(keyedBy: CodingKeys.self).name(.jobId)
    }
}

struct V1Turn: Decodable {
    struct Intent: Decodable {
        var name: String?
        var confidence: Double?
    }

    struct Entity: Decodable {
        var name: String?
        var value: String?
    }

    var answer: TurnAnswer

    private enum CodingKeys: String, CodingKey { case intent, entities, versionId }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let intent = try container.decodeIfPresent(Intent.self, forKey: .intent)
        if let confidence = intent?.confidence, !(0...1).contains(confidence) {
            throw DecodingError.dataCorruptedError(forKey: .intent, in: container, debugDescription: "confidence")
        }
        var entities: [String: String] = [:]
        for entity in try container.decodeIfPresent([Entity].self, forKey: .entities) ?? [] {
            // An entity that is named twice keeps its first value.
            if let name = entity.name, let value = entity.value, entities[name] == nil { entities[name] = value }
        }
        answer = TurnAnswer(
            // An empty name is how a platform says that it understood nothing.
            intent: intent?.name.flatMap { $0.isEmpty ? nil : $0 }, confidence: intent?.confidence, entities: entities,
            versionId: try container.nameIfPresent(.versionId))
    }
}

extension KeyedDecodingContainer {
    fileprivate func name(_ key: Key) throws -> String {
        let text = try decode(String.self, forKey: key)
        guard UntrustedText.isPlain(text, maxBytes: V1Request.maxIdBytes) else {
            throw DecodingError.dataCorruptedError(forKey: key, in: self, debugDescription: "name")
        }
        return text
    }

    fileprivate func nameIfPresent(_ key: Key) throws -> String? {
        try decodeIfPresent(String.self, forKey: key) == nil ? nil : name(key)
    }

    fileprivate func instant(_ key: Key) throws -> Timestamp {
        guard let instant = Timestamp(iso8601: try decode(String.self, forKey: key)) else {
            throw DecodingError.dataCorruptedError(forKey: key, in: self, debugDescription: "instant")
        }
        return instant
    }

    fileprivate func instantIfPresent(_ key: Key) throws -> Timestamp? {
        try decodeIfPresent(String.self, forKey: key) == nil ? nil : instant(key)
    }
}
