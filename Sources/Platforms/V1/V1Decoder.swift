package import Domain
import Exchange

/// A body of status 2xx → what the request asked for. Pure, so that every shape is tested without a socket.
package enum V1Decoder {
    /// Characters that are kept of a name of a person.
    static let maxPersonCharacters = 200

    /// - Throws: `V1Refusal`, `DecodingError`.
    package static func decode(
        _ body: [UInt8], for request: PlatformRequest, secrets: [String] = []
    ) throws -> PlatformAnswer {
        func clean(_ text: String?, _ maxCharacters: Int = UntrustedText.maxMessageCharacters) -> String? {
            text.map { UntrustedText.cleaned($0, secrets: secrets, maxCharacters: maxCharacters) }
        }
        switch request {
        case .versions(_, let page):
            let envelope = try read([V1Version].self, body)
            let items = envelope.data.map(\.info)
            return .versions(items, page: pageInfo(page, items.count, items.first?.id, envelope.pagination))
        case .sessions(_, _, let page):
            let envelope = try read([V1Session].self, body)
            let count = envelope.data.count
            return .sessions(
                count: count, page: pageInfo(page, count, clean(envelope.data.first?.id), envelope.pagination))
        case .jobs(_, _, let page):
            let envelope = try read([V1Job].self, body)
            let items = envelope.data.map { job in
                var info = job.info
                info.errorMessage = clean(info.errorMessage)
                info.createdBy = clean(info.createdBy, maxPersonCharacters)
                return info
            }
            return .jobs(items, page: pageInfo(page, items.count, items.first?.jobId, envelope.pagination))
        case .status:
            let status = try read(V1Status.self, body).data
            return .status(status.state, errorMessage: clean(status.errorMessage))
        case .deploy:
            return .accepted(jobId: try read(V1Accepted.self, body).data.jobId)
        case .test:
            var turn = try read(V1Turn.self, body).data.answer
            turn.intent = clean(turn.intent)
            return .turn(turn)
        case .deployed:
            throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "no such operation"))
        }
    }

    /// Where an answer is not what it should be, and how.
    package static func words(_ error: DecodingError) -> String { describe(error) }

    /// A page that is short or empty is the last, and so is one that reaches the total. A platform that gives smaller pages
    /// than we asked for says so in `pagination.size`; short is then measured by that.
    static func pageInfo(_ page: Int, _ count: Int, _ first: String?, _ pagination: V1Pagination?) -> PageInfo {
        let size = min(max(pagination?.size ?? V1Request.pageSize, 1), V1Request.pageSize)
        let reached = (page - 1) * size + count
        let isLast = count < size || pagination?.total.map { reached >= $0 } ?? false
        return PageInfo(page: page, next: isLast ? nil : page + 1, first: first)
    }

    private static func read<Payload: Decodable>(
        _ payload: Payload.Type, _ body: [UInt8]
    ) throws -> V1Envelope<Payload> {
        try ForeignJSON.decode(V1Envelope<Payload>.self, from: body)
    }
}
