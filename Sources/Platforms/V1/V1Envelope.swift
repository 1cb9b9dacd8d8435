import FoundationEssentials

/// What every answer of the platform is wrapped in.
struct V1Envelope<Payload: Decodable>: Decodable {
    var data: Payload
    var pagination: V1Pagination?

    private enum CodingKeys: String, CodingKey { case success, message, data, pagination }

    /// - Throws: `V1Refusal` where `success` is false; `DecodingError` where what must be there is not, or is something else.
    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        guard try container.decode(Bool.self, forKey: .success) else {
            throw V1Refusal(message: try? container.decodeIfPresent(String.self, forKey: .message))
        }
        data = try container.decode(Payload.self, forKey: .data)
        pagination = try container.decodeIfPresent(V1Pagination.self, forKey: .pagination)
    }
}

/// `success: false` under a status that says the opposite.
struct V1Refusal: Error {
    var message: String?
}

/// The message of an answer that is no success; whatever else it holds does not matter.
struct V1Problem: Decodable {
    var message: String?
}

struct V1Pagination: Decodable {
    var page: Int?
    var size: Int?
    var total: Int?
}

/// A `DecodingError` in words: where, and what is wrong there. Values are not repeated.
func describe(_ error: DecodingError) -> String {
    func place(_ context: DecodingError.Context, _ key: (any CodingKey)? = nil) -> String {
        let path = (context.codingPath + (key.map { [$0] } ?? []))
            .map { key in key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue)" }.joined()
        return path.isEmpty ? "the answer" : "`\(path.drop { $0 == "." })`"
    }
    return switch error {
    case .keyNotFound(let key, let context): "\(place(context, key)) is missing"
    case .valueNotFound(_, let context): "\(place(context)) is null"
    case .typeMismatch(_, let context): "\(place(context)) has the wrong type"
    case .dataCorrupted(let context):
        context.codingPath.isEmpty ? "the answer is not JSON" : "\(place(context)) has a value that cannot be"
    @unknown default: "the answer cannot be read"
    }
}
