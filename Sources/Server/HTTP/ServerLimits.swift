import NIOCore

/// What one caller may ask of the server, and for how long.
enum ServerLimits {
    static let maxHookBodyBytes = 3 << 20
    static let maxAPIBodyBytes = 64 << 10
    /// Of all bodies that are being read at one time; one more is answered with 503.
    static let maxBodyBytesInFlight = 64 << 20
    static let maxHeaderBytes = 64 << 10
    static let maxHeaderFields = 1000
    /// The request line, beside the headers.
    static let maxRequestLineBytes = 16 << 10
    /// For the whole of a request, from its first byte, however slowly it comes.
    static let requestTimeout = TimeAmount.seconds(30)
    /// Between two requests of one connection.
    static let idleTimeout = TimeAmount.seconds(60)
    /// For a reader that takes nothing of what it asked for.
    static let stallTimeout = TimeAmount.seconds(30)
    /// After the last answer of a connection, so that a caller who is still sending gets to read it.
    static let lingerTimeout = TimeAmount.seconds(2)
    /// For answers under way when the server ends.
    static let closingTimeout = TimeAmount.seconds(3)
    static let maxConnections = 4096
    /// Of the file descriptors that this process may have, the part that connections may take: 1 in so many.
    static let descriptorsPerConnection = 2
    static let acceptPause = TimeAmount.milliseconds(100)
    static let maxPageItems = 200
    static let pageItems = 50
    static let retryAfterSeconds = 5
    static let eventStreamCommentInterval = Duration.seconds(15)
    static let maxEventStreams = 256
    static let maxReasonCharacters = 500
    static let maxVersionCharacters = 200
    static let maxRedeliveries = 10_000
}
