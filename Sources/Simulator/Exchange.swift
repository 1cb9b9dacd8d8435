import Domain
import Hummingbird
import NIOCore

/// One request on its way through latency, fault and work to its answer.
struct Exchange {
    let platform: SimulatedPlatform
    let call: Call
    let admission: Admission
    let channel: any Channel

    /// - Throws: `ConnectionDropped` where there is no answer; the connection is closed then.
    func play() async throws -> Response {
        try await sleep(admission.latency)
        if let refusal = admission.refusal { return response(refusal) }
        guard let fault = admission.fault else { return response(try await work()) }
        return try await play(fault)
    }

    private func play(_ fault: FaultAction) async throws -> Response {
        switch fault {
        case .respond(let answer): return response(answer)
        case .respondAfterWork(let answer):
            _ = try await work()
            return response(answer)
        case .delay(let milliseconds):
            try await sleep(.milliseconds(milliseconds))
            return response(try await work())
        case .hang: return try await hang()
        case .hangAfterWork:
            _ = try await work()
            return try await hang()
        case .dropBeforeWork: return try await drop()
        case .dropAfterWork:
            _ = try await work()
            return try await drop()
        case .unsuccessful(let message): return response(Answer(problem: 200, message))
        case .job(let course): return response(try await work(course: course))
        case .endless: return BodyFault.endless.response()
        case .huge(let bytes): return BodyFault.huge(bytes: bytes).response()
        case .truncate, .malformed, .drip, .contentType, .withoutSuccess, .withoutData, .emptyData, .reportState:
            return try await spoil(try await work(), with: fault)
        }
    }

    /// Faults of an answer to work that was done.
    private func spoil(_ answer: Answer, with fault: FaultAction) async throws -> Response {
        var answer = answer
        switch fault {
        case .truncate: return BodyFault.truncated(answer.body()).response()
        case .malformed:
            let body = answer.body()
            return response(answer, body: Array(body.prefix(body.count * 2 / 3)))
        case .drip(let interval): return BodyFault.drip(answer.body(), every: .milliseconds(interval)).response()
        case .contentType(let type): return response(answer, contentType: type)
        case .withoutSuccess: answer.envelope.success = nil
        case .withoutData: answer.envelope.data = nil
        case .emptyData: answer.envelope.data = .empty
        case .reportState(let state): answer.envelope.data = .status(Envelope.Status(state: state))
        default: break
        }
        return response(answer)
    }

    private func work(course: JobScript? = nil) async throws -> Answer {
        let answer = platform.change { world, now in world.perform(call, course: course, now: now) }
        try await sleep(answer.delay)
        return answer
    }

    private func hang() async throws -> Response {
        try await sleep(SimulatorLimits.maxHang)
        return try await drop()
    }

    private func drop() async throws -> Response {
        try? await channel.close()
        throw ConnectionDropped()
    }

    private func sleep(_ span: Span) async throws {
        if span > .zero { try await Task.sleep(for: .milliseconds(span.milliseconds)) }
    }

    private func response(_ answer: Answer, body: [UInt8]? = nil, contentType: String = "application/json")
        -> Response
    {
        Response(
            FaultAnswer(status: answer.status, body: "", contentType: contentType, headers: answer.headers),
            body: body ?? answer.body())
    }

    private func response(_ answer: FaultAnswer) -> Response { Response(answer, body: Array(answer.body.utf8)) }
}

extension Response {
    init(_ answer: FaultAnswer, body: [UInt8]) {
        var headers: HTTPFields = [.contentType: answer.contentType]
        for (name, value) in answer.headers { headers.set(name, to: value) }
        self.init(
            status: HTTPResponse.Status(code: answer.status), headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    }
}

/// Bodies that are not delivered as they should be.
enum BodyFault {
    case truncated([UInt8])
    case drip([UInt8], every: Span)
    case endless
    case huge(bytes: Int)

    func response() -> Response {
        switch self {
        case .truncated(let whole):
            return Response(
                status: .ok, headers: [.contentType: "application/json"],
                body: ResponseBody(contentLength: whole.count) { writer in
                    try await writer.write(ByteBuffer(bytes: whole.prefix(whole.count / 2)))
                    throw ConnectionDropped()
                })
        case .drip(let whole, let interval):
            return Response(
                status: .ok, headers: [.contentType: "application/json"],
                body: ResponseBody(contentLength: whole.count) { writer in
                    for byte in whole {
                        try await writer.write(ByteBuffer(bytes: [byte]))
                        try await Task.sleep(for: .milliseconds(interval.milliseconds))
                    }
                    try await writer.finish(nil)
                })
        case .endless: return Self.filled(bytes: nil)
        case .huge(let bytes): return Self.filled(bytes: bytes)
        }
    }

    /// A JSON envelope whose message is as long as asked for; without a number it never ends.
    private static func filled(bytes: Int?) -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/json"],
            body: ResponseBody { writer in
                try await writer.write(ByteBuffer(string: #"{"success":true,"data":[],"message":""#))
                let chunk = ByteBuffer(repeating: UInt8(ascii: "x"), count: SimulatorLimits.chunkBytes)
                var left = bytes ?? .max
                while left > 0 {
                    let count = min(left, SimulatorLimits.chunkBytes)
                    try await writer.write(chunk.getSlice(at: 0, length: count) ?? chunk)
                    if bytes != nil { left -= count }
                }
                try await writer.write(ByteBuffer(string: #""}"#))
                try await writer.finish(nil)
            })
    }
}
