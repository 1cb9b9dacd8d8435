/// What can go wrong with the simulator itself; the misbehaviour that it was asked for is never one of these.
package struct SimulatorError: Error, CustomStringConvertible {
    package enum Code: Hashable, Sendable {
        /// The server was asked for its address, or to start a second time, in the wrong state.
        case notRunning, alreadyRunning
        /// The port could not be bound.
        case cannotListen
        /// What a test waited for did not happen in time.
        case timedOut
        /// A bot or version that the world does not hold was named.
        case unknown
    }

    package let code: Code
    package let message: String
    package let cause: (any Error)?

    init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    package var description: String { message }
}
