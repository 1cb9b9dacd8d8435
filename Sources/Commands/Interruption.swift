import Dispatch
import Glibc

/// Ctrl-C and a request to end: the first one ends the work where it is safe, the second one at once. What a rollout has
/// begun is journaled, so that nothing is lost either way.
final class Interruption {
    private let sources: [any DispatchSourceSignal]

    init(_ stop: @escaping @Sendable () -> Void) {
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                // Restored first: a second signal has the system's own effect.
                signal(number, SIG_DFL)
                stop()
            }
            source.resume()
            return source
        }
    }

    func end() { for source in sources { source.cancel() } }
}
