package import Audit
package import Domain

/// What checkers may look at beside the sight itself: the world as it is, the journal, and what the process was told.
package final class Scene {
    package let world: World
    package let outside: Outside
    package var journal = JournalView()
    package var told = Told()
    package var elapsed: Int64 = 0
    package var now = Now(tick: Tick(milliseconds: 0), wall: Timestamp(milliseconds: Simulation.firstWall))
    /// What people decided, as far as it was taken.
    package var people = People()
    /// What really happened that may hold a bot.
    package var accounts = Accounts()
    package let folder: String
    /// The records as the running process' state has them.
    package var ledger: (any AuditJournal)?
    private let botsByKey: [BotKey: WorldBot]

    init(_ world: World, _ outside: Outside, folder: String) {
        self.world = world
        self.outside = outside
        self.folder = folder
        botsByKey = Dictionary(uniqueKeysWithValues: world.bots.map { ($0.key, $0) })
    }

    package func bot(_ key: BotKey) -> WorldBot? { botsByKey[key] }

    package func platform(_ name: String) -> PlatformModel? { outside.change { $0.platforms[name] } }

    package var branch: BranchModel { outside.change { $0.branch } }

    /// What the accepted head says of a bot; nil: nothing, or nothing that can be read.
    package func declared(_ key: BotKey) -> Manifest? {
        guard let bot = bot(key), let accepted = journal.source.accepted else { return nil }
        return outside.change { $0.branch.manifest(bot.path, at: accepted) }
    }

    package func settings(of platform: String) -> PlatformSettings? {
        world.configuration.platforms.first { $0.name == platform }
    }

    /// The prefix of our idempotency keys.
    package var keyPrefix: String = "ballast-"
}
