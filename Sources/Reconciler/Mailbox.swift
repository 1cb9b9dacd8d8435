import Domain
import Synchronization

/// What happened and was not handled yet. Filling it never waits; the one reader takes all at once, so that a burst becomes
/// one commit.
final class Mailbox: Sendable {
    enum Item: Sendable {
        case input(EngineInput)
        /// Any number of requests are one wish.
        case requests([String], LookRhythm.Kind, askedAt: Tick)
        /// A person waits for the answer; it comes when the decision is on the disk.
        case decision(Decision, CheckedContinuation<String, any Error>)
    }

    private struct State {
        var items: [Item] = []
        var requests: [String] = []
        var requested: LookRhythm.Kind?
        /// When the oldest of them came.
        var askedAt: Tick?
        var reader: CheckedContinuation<Void, Never>?
        var isRung = false
    }

    private let state = Mutex(State())

    func put(_ input: EngineInput) { put(.input(input)) }

    func put(_ item: Item) {
        wake { $0.items.append(item) }
    }

    func request(_ id: String, _ kind: LookRhythm.Kind, at now: Tick) {
        wake { state in
            if state.askedAt == nil { state.askedAt = now }
            if state.requests.count < RequestLog.maxRequests { state.requests.append(id) }
            if state.requested != .pass { state.requested = kind }
        }
    }

    /// The request was made and not handled yet.
    func holds(_ id: String) -> Bool { state.withLock { $0.requests.contains(id) } }

    /// Lets the reader look around although nothing came.
    func ring() {
        wake { $0.isRung = true }
    }

    func takeAll() -> [Item] {
        state.withLock { state in
            state.isRung = false
            if let kind = state.requested, let askedAt = state.askedAt {
                state.items.append(.requests(state.requests, kind, askedAt: askedAt))
            }
            (state.requests, state.requested, state.askedAt) = ([], nil, nil)
            defer { state.items = [] }
            return state.items
        }
    }

    func waitUntilFilled() async {
        await withCheckedContinuation { continuation in
            let resumesNow = state.withLock { state in
                if !state.items.isEmpty || state.requested != nil || state.isRung { return true }
                state.reader = continuation
                return false
            }
            if resumesNow { continuation.resume() }
        }
    }

    private func wake(_ change: (inout State) -> Void) {
        let reader = state.withLock { state in
            change(&state)
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume()
    }
}
