import Domain
import Synchronization

/// Tells a person who waits what is going on: one line that is drawn over on a terminal, a line for each new thing
/// elsewhere, and nothing at all for what takes less than a second.
final class ProgressLine: Sendable {
    static let delay = Duration.seconds(1)
    private static let interval = Duration.milliseconds(200)
    private static let maxCharacters = 100

    private struct State {
        var text: String
        var shown = ""
        var isOver = false
    }

    private let state: Mutex<State>
    private let isTerminal: Bool

    private init(_ text: String, isTerminal: Bool) {
        state = Mutex(State(text: text))
        self.isTerminal = isTerminal
    }

    func set(_ text: String) {
        let text = UntrustedText.cleaned(text, maxCharacters: Self.maxCharacters)
        state.withLock { $0.text = text }
    }

    /// Runs `body`; what it sets is shown while it lasts.
    static func showing<Value>(
        _ text: String, on console: Console, _ body: (ProgressLine) async throws -> Value
    ) async rethrows -> Value {
        let line = ProgressLine(text, isTerminal: console.errorIsTerminal)
        let painter = Task { await line.paint() }
        defer {
            painter.cancel()
            line.clear()
        }
        return try await body(line)
    }

    private func paint() async {
        do {
            try await Task.sleep(for: Self.delay)
            while true {
                draw()
                try await Task.sleep(for: Self.interval)
            }
        } catch {
            return
        }
    }

    private func draw() {
        state.withLock { state in
            guard !state.isOver, state.text != state.shown else { return }
            state.shown = state.text
            Console.error(isTerminal ? "\r\u{1B}[2K\(state.text) …" : "ballast: \(state.text)\n")
        }
    }

    /// After it nothing is drawn any more.
    private func clear() {
        state.withLock { state in
            state.isOver = true
            if isTerminal, !state.shown.isEmpty { Console.error("\r\u{1B}[2K") }
        }
    }
}
