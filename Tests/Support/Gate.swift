import Synchronization

/// Holds whoever arrives until a number of them wait, or until it is opened; counts how many were inside at once.
package actor Gate {
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private var isOpen = false
    private var inside = 0
    package private(set) var most = 0
    private let opensAt: Int

    package init(opensAt: Int = .max) { self.opensAt = opensAt }

    package func pass() async {
        inside += 1
        most = max(most, inside)
        if !isOpen, inside < opensAt {
            await withCheckedContinuation { waiting.append($0) }
        } else if inside >= opensAt {
            release()
        }
        inside -= 1
    }

    package func open() {
        isOpen = true
        release()
    }

    private func release() {
        for continuation in waiting { continuation.resume() }
        waiting = []
    }
}
