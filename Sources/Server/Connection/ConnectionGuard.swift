import Foundation
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Watches one connection: a request has to be whole within its time, however slowly it comes; whoever reads nothing is
/// let go; and what is no HTTP is answered with a problem document, too, in its turn among the answers.
///
/// The server answers what the parser refuses by itself, with a bare 400. This stands between it and the parser, knows
/// why, and writes the document in its place.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// What of a request has come so far.
    private enum Progress { case nothing, head, body }

    private let requestTimeout: TimeAmount
    private var progress = Progress.nothing
    /// Requests whose head came and whose answer has not ended.
    private var unanswered = 0
    private var isAnswering = false
    /// Why nothing more is read.
    private var refusal: HTTPProblem?
    private var isReplacing = false
    private var closesAfterAnswer = false
    private var deadline: Scheduled<Void>?
    private var stall: Scheduled<Void>?
    private var context: ChannelHandlerContext?

    init(requestTimeout: TimeAmount = ServerLimits.requestTimeout) { self.requestTimeout = requestTimeout }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        // A pipeline that is torn down already needs no watch.
        try? context.pipeline.syncOperations.addHandler(ByteWatch(for: self), position: .first)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        cancelTimers()
        self.context = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        cancelTimers()
        context.fireChannelInactive()
    }

    // MARK: What comes in

    /// - Returns: false where nothing more is wanted of this connection.
    func bytesArrived(_ headBytes: Int) -> Bool {
        guard let context, refusal == nil else { return false }
        if progress == .nothing {
            progress = .head
            startDeadline(context)
        }
        guard headBytes <= ServerLimits.maxHeaderBytes + ServerLimits.maxRequestLineBytes else {
            refuse(Self.tooMuch, context)
            return false
        }
        return true
    }

    var isWithinHead: Bool { progress == .head }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard refusal == nil else { return }
        switch unwrapInboundIn(data) {
        case .head:
            progress = .body
            unanswered += 1
        case .body: break
        case .end:
            progress = .nothing
            deadline?.cancel()
        }
        context.fireChannelRead(data)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if error is IOError || error is ChannelError { return context.fireErrorCaught(error) }
        guard refusal == nil else { return }
        let isTooMuch = (error as? HTTPParserError) == .headerOverflow
        refuse(isTooMuch ? Self.tooMuch : HTTPProblem(.badRequest, "this is no HTTP/1.1 request"), context)
    }

    private static let tooMuch = HTTPProblem(
        .requestHeaderFieldsTooLarge, "at most \(ServerLimits.maxHeaderBytes) bytes of headers are taken")

    private func refuse(_ problem: HTTPProblem, _ context: ChannelHandlerContext) {
        refusal = problem
        deadline?.cancel()
        // The server answers a parser's error alone, and after everything that came before it.
        context.fireErrorCaught(HTTPParserError.unknown)
    }

    private func startDeadline(_ context: ChannelHandlerContext) {
        deadline?.cancel()
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: requestTimeout) { self.deadlinePassed() }
    }

    private func deadlinePassed() {
        guard let context, refusal == nil else { return }
        let ofThisRequest = progress == .body ? 1 : 0
        // Requests that wait for the answers before them are late by our doing.
        if unanswered > ofThisRequest { return startDeadline(context) }
        guard progress == .head || (unanswered == 1 && !isAnswering) else { return context.close(promise: nil) }
        refuse(HTTPProblem(.requestTimeout, "the request did not arrive within \(requestTimeout.words)"), context)
    }

    // MARK: What goes out

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let response):
            if let refusal, !isAnswering, response.status == .badRequest, response.headerFields[.connection] == "close"
            {
                isReplacing = true
                return write(refusal, context, promise)
            }
            isAnswering = true
            closesAfterAnswer = response.headerFields[.connection] == "close"
            context.write(data, promise: promise)
        case .body:
            context.write(data, promise: promise)
        case .end:
            isAnswering = false
            unanswered -= 1
            context.write(data, promise: promise)
            if isReplacing || closesAfterAnswer { closeSoon(context, ServerLimits.lingerTimeout) }
        }
    }

    private func write(_ refusal: HTTPProblem, _ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?) {
        let id = UUID().uuidString.lowercased()
        var fields = refusal.fields
        fields[.requestID] = id
        fields[.connection] = "close"
        let document = (try? refusal.document(requestID: id)) ?? ByteBuffer()
        fields[.contentLength] = "\(document.readableBytes)"
        let head = HTTPResponse(status: refusal.status, headerFields: fields)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(document)), promise: promise)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        stall?.cancel()
        if !context.channel.isWritable {
            stall = context.eventLoop.assumeIsolated().scheduleTask(in: ServerLimits.stallTimeout) {
                self.context?.close(promise: nil)
            }
        }
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent { closeSoon(context, ServerLimits.closingTimeout) }
        context.fireUserInboundEventTriggered(event)
    }

    private func closeSoon(_ context: ChannelHandlerContext, _ time: TimeAmount) {
        context.eventLoop.assumeIsolated().scheduleTask(in: time) { self.context?.close(promise: nil) }
    }

    private func cancelTimers() {
        deadline?.cancel()
        stall?.cancel()
    }
}

extension TimeAmount {
    fileprivate var words: String {
        nanoseconds % 1_000_000_000 == 0 ? "\(nanoseconds / 1_000_000_000) s" : "\(nanoseconds / 1_000_000) ms"
    }
}

/// Sees the bytes before they are parsed: a request begins with its first one, and a head that does not end is not kept.
private final class ByteWatch: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let guardian: ConnectionGuard
    private var headBytes = 0

    init(for guardian: ConnectionGuard) { self.guardian = guardian }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // Of one request: a kept connection brings any number of them.
        if !guardian.isWithinHead { headBytes = 0 }
        guard guardian.bytesArrived(headBytes) else { return }
        headBytes += unwrapInboundIn(data).readableBytes
        context.fireChannelRead(data)
    }
}
