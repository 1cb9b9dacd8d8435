import Domain
import Hummingbird

/// `GET /api/v1/events` as server-sent events: what was missed once, oldest first, then what comes.
struct EventStream: Sendable {
    let desk: Desk
    /// `Last-Event-ID`.
    let after: String?

    private static let batch = 200

    var response: Response {
        Response(
            status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
            body: ResponseBody { writer in
                try await follow(&writer)
                try await writer.finish(nil)
            })
    }

    @concurrent private func follow(_ writer: inout any ResponseBodyWriter) async throws {
        var last = after
        if let after, try await desk.records.events(after: after, limit: 1) == nil { last = nil }
        if last == nil { last = try await desk.records.newestEventID() }
        try await writer.write(ByteBuffer(string: ": connected\n\n"))
        var quiet = Duration.zero
        while !desk.isShut {
            var found: [Event] = []
            if let last { found = try await desk.records.events(after: last, limit: Self.batch) ?? [] }
            for event in found {
                try await writer.write(text(event))
                last = event.id
            }
            if last == nil { last = try await first(&writer) }
            if !found.isEmpty { quiet = .zero }
            if found.count == Self.batch { continue }
            try await Task.sleep(for: ServerLimits.eventStreamPollInterval)
            quiet += ServerLimits.eventStreamPollInterval
            guard quiet >= ServerLimits.eventStreamCommentInterval else { continue }
            try await writer.write(ByteBuffer(string: ": still here\n\n"))
            quiet = .zero
        }
    }

    /// Nothing had ever happened when the stream began.
    @concurrent private func first(_ writer: inout any ResponseBodyWriter) async throws -> String? {
        let found = try await desk.records.events(page: PageRequest(limit: Self.batch)).items.reversed()
        for event in found { try await writer.write(text(event)) }
        return found.last?.id
    }

    private func text(_ event: Event) -> ByteBuffer {
        ByteBuffer(string: "id: \(event.id)\nevent: \(event.type)\ndata: \(desk.body(event))\n\n")
    }
}
