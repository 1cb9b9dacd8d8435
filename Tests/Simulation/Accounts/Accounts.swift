import Domain

/// What really happened that may hold a bot, kept from outside for all checkers: it sees the same sights as they do, each just
/// before them.
package struct Accounts: Sendable {
    package private(set) var halts = HaltAccount()
    package private(set) var contests = ContestAccount()
    package private(set) var head = HeadAccount()
    package private(set) var moves = MoveAccount()
    package private(set) var failures = FailureAccount()
    package private(set) var syncs = SyncAccount()

    mutating func see(_ sight: Sight, in scene: Scene) {
        halts.see(sight, in: scene)
        contests.see(sight, in: scene)
        head.see(sight, in: scene)
        moves.see(sight, in: scene)
        failures.see(sight, in: scene)
        syncs.see(sight, in: scene)
    }
}
