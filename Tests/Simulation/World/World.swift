package import Domain

/// Everything that a run is given, as plain data: what is configured, which bots there are, and what happens when. A world
/// without one of its happenings is a world, too, so that a failing one can be made small.
package struct World: Hashable, Sendable {
    package var seed: UInt64
    package var configuration: Configuration
    package var capabilities: [String: PlatformCapabilities]
    package var intervals: LookRhythm.Intervals
    package var bots: [WorldBot]
    package var happenings: [Timed]
    package var rates: FaultRates
    /// When faults end and every place is back, in milliseconds of true time.
    package var faultsEndAt: Int64
    /// At the end of the faults a commit gives every bot a version that works, and a person ends what holds it.
    package var isRepaired: Bool
    /// Platforms take a deployment although another one runs.
    package var areLax: Bool
    /// Where the world is repaired, people end whatever holds a bot; else the newer commit alone does.
    package var isReleased = true

    /// One happening and its time in milliseconds.
    package struct Timed: Hashable, Sendable {
        package var at: Int64
        package var what: Happening

        package init(_ at: Int64, _ what: Happening) {
            self.at = at
            self.what = what
        }
    }
}

/// A bot in one environment, and what its versions are like.
package struct WorldBot: Hashable, Sendable {
    package var name: String
    package var key: BotKey
    package var labels: [String: String]
    package var versions: [WorldVersion]
    /// What somebody had deployed before Ballast came; nil: nothing.
    package var servesFirst: String?
    /// How long a deployment of it takes.
    package var jobTime: Span
    /// How many conversations go on; they end with the faults.
    package var sessions: Int
    package var path: String { "bots/\(name).yaml" }

    package func version(_ id: String) -> WorldVersion? { versions.first { $0.id == id } }
}

package struct WorldVersion: Hashable, Sendable {
    package var id: String
    package var isPublished = true
    /// Its job fails.
    package var fails = false
    /// It does not pass a verification.
    package var isBad = false
    /// A share of its turns fails.
    package var isFlaky = false
    /// Its job does not end while there are faults.
    package var hangs = false

    package var isSound: Bool { isPublished && !fails && !isBad && !isFlaky && !hangs }
}
