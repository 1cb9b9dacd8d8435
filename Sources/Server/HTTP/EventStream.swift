import Domain
import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

/// `GET /api/v1/events` as server-sent events: what was missed once, oldest first, then what comes. Nothing is kept for a
/// slow reader: it is written to as fast as it reads, and what it lacks is in the state.
struct EventStream: Sendable {
    let desk: Desk
    let query: EventQuery
    /// `Last-Event-ID`.
    let after: String?

    private static let batch = 200

    func response() throws -> Response {
        guard desk.streams.take() else {
            throw HTTPProblem(
                .serviceUnavailable, "at most \(ServerLimits.maxEventStreams) streams are open at a time",
                headers: Desk.retryAfter)
        }
        // Given back also where the body is never asked for.
        let place = Place(streams: desk.streams)
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
            body: ResponseBody { writer in
                defer { withExtendedLifetime(place) {} }
                try await follow(&writer)
                try await writer.finish(nil)
            })
    }

    @concurrent private func follow(_ writer: inout any ResponseBodyWriter) async throws {
        var last = after
        if let after, try await desk.records.events(after: after, limit: 1) == nil {
            try await writer.write(
                ByteBuffer(string: ": the event `Last-Event-ID` is not kept; what comes follows\n\n"))
            last = try await desk.records.newestEventID()
        } else {
            if after == nil { last = try await desk.records.newestEventID() }
            try await writer.write(ByteBuffer(string: ": connected\n\n"))
        }
        var spoke = ContinuousClock.now
        while !desk.isShut {
            let rings = desk.bell.rings
            let found = try await desk.records.events(after: last, limit: Self.batch) ?? []
            for event in found {
                if query.matches(event) {
                    try await writer.write(text(event))
                    spoke = .now
                }
                last = event.id
            }
            if found.count == Self.batch { continue }
            let silence = desk.commentInterval - (ContinuousClock.now - spoke)
            if silence > .zero { await desk.bell.wait(beyond: rings, atMost: silence) }
            try Task.checkCancellation()
            guard ContinuousClock.now - spoke >= desk.commentInterval else { continue }
            try await writer.write(ByteBuffer(string: ": still here\n\n"))
            spoke = .now
        }
    }

    private func text(_ event: Event) -> ByteBuffer {
        ByteBuffer(string: "id: \(event.id)\nevent: \(event.type)\ndata: \(desk.body(event))\n\n")
    }

    private final class Place: Sendable {
        private let streams: StreamPlaces

        init(streams: StreamPlaces) { self.streams = streams }

        deinit { streams.giveBack() }
    }
}

/// How many event streams are open.
final class StreamPlaces: Sendable {
    private let open = Mutex(0)

    func take() -> Bool {
        open.withLock { open in
            guard open < ServerLimits.maxEventStreams else { return false }
            open += 1
            return true
        }
    }

    func giveBack() { open.withLock { $0 -= 1 } }
}
