import AsyncHTTPClient
package import Domain
import NIOCore
import NIOHTTP1
import NIOSSL

/// A client for one place: HTTP/1, no redirects, no decompression, kept connections, and exactly one exchange a call.
///
/// The library never repeats a request of its own accord; with `retryConnectionEstablishment` off it does not repeat a
/// failed connection either, so that a place that is down is known at once.
package final class HTTPCaller: Sendable {
    package struct Settings: Hashable, Sendable {
        /// PEM; these authorities are trusted beside the system's.
        package var caFile: String?
        package var maxConnections: Int
        package var addresses: AddressPolicy
        package var connectTimeout: Span

        package init(
            caFile: String? = nil, maxConnections: Int, addresses: AddressPolicy = .any,
            connectTimeout: Span = HTTPCaller.maxConnectTimeout
        ) {
            self.caFile = caFile
            self.maxConnections = maxConnections
            self.addresses = addresses
            self.connectTimeout = connectTimeout
        }
    }

    /// For name, connection and TLS together, and for a connection to become free.
    package static let maxConnectTimeout = Span.seconds(10)
    /// Shorter than what servers usually allow, so that a request seldom meets a connection that is being closed.
    static let keepAlive = TimeAmount.seconds(30)

    private let client: HTTPClient
    private let policy: AddressPolicy

    package init(_ settings: Settings) throws(ExchangeError) {
        var tls = TLSConfiguration.makeClientConfiguration()
        if let file = settings.caFile {
            do {
                tls.additionalTrustRoots = [.certificates(try NIOSSLCertificate.fromPEMFile(file))]
            } catch {
                throw ExchangeError(
                    .certificatesUnreadable, "No certificates can be read from \(file); give a PEM file.",
                    cause: UntrustedText.cleaned("\(error)", maxCharacters: TransportFailure.maxDetailCharacters))
            }
        }
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls, redirectConfiguration: .disallow,
            timeout: .init(connect: .milliseconds(settings.connectTimeout.milliseconds)), decompression: .disabled)
        configuration.httpVersion = .http1Only
        configuration.connectionPool = .init(
            idleTimeout: HTTPCaller.keepAlive,
            concurrentHTTP1ConnectionsPerHostSoftLimit: max(1, settings.maxConnections))
        configuration.connectionPool.retryConnectionEstablishment = false
        if settings.addresses != .any {
            configuration.http1_1ConnectionDebugInitializer = HTTPCaller.addressCheck(settings.addresses)
        }
        policy = settings.addresses
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    deinit {
        // The library traps where a client goes away that was not shut down; a forgotten one must not end the process.
        client.shutdown { _ in }
    }

    package func call(_ call: HTTPCall) async -> Result<HTTPAnswer, TransportFailure> {
        let delegate = ExchangeDelegate(maxAnswerBytes: call.maxAnswerBytes, hasBody: call.body != nil)
        let body = call.body.map { bytes in
            HTTPClient.Body.stream(contentLength: Int64(bytes.count)) { writer in
                delegate.bodyBegins()
                return writer.write(.byteBuffer(ByteBuffer(bytes: bytes)))
            }
        }
        let request: HTTPClient.Request
        do {
            request = try HTTPClient.Request(
                url: call.url, method: HTTPMethod(rawValue: call.method.rawValue),
                headers: HTTPHeaders(call.headers.map { ($0.name, $0.value) }), body: body)
        } catch {
            return delegate.outcome(of: error)
        }
        let deadline = NIODeadline.now() + .milliseconds(max(1, call.timeout.milliseconds))
        // Plain HTTP says nothing before the connection's own address was judged.
        if policy == .publicOnly,
            let shown = await NameLookup.refusal(of: request.host, by: policy, within: deadline - .now())
        {
            return delegate.outcome(of: RefusedAddress(shown: shown))
        }
        let task = client.execute(request: request, delegate: delegate, deadline: deadline)
        do {
            return .success(
                try await withTaskCancellationHandler {
                    try await task.get()
                } onCancel: {
                    task.cancel()
                })
        } catch {
            return delegate.outcome(of: error)
        }
    }

    /// Closes every connection; calls in flight end with `shutDown` or `cancelled`. A second call does nothing.
    package func shutdown() async {
        try? await client.shutdown()
    }

    private static func addressCheck(_ policy: AddressPolicy) -> @Sendable (any Channel) -> EventLoopFuture<Void> {
        { channel in
            guard !policy.allows(channel.remoteAddress) else { return channel.eventLoop.makeSucceededVoidFuture() }
            // First the failure, then the close: the pool must not see the end of a connection that it still waits for.
            channel.eventLoop.execute { channel.close(promise: nil) }
            let shown = channel.remoteAddress?.ipAddress ?? "unknown"
            return channel.eventLoop.makeFailedFuture(RefusedAddress(shown: shown))
        }
    }
}
