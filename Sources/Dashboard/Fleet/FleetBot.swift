package import Domain

/// One bot as the fleet's table shows it: small, so that ten thousand are gathered in a moment.
package struct FleetBot: Hashable, Sendable {
    package var key: BotKey
    package var name: String
    package var labels: [String: String]
    package var desired: String?
    package var deployed: String?
    /// nothing deployed and not known are different things.
    package var isObserved: Bool
    package var state: BotCondition.State
    package var `guard`: Guard?
    package var message: String
    package var since: Timestamp

    package init(_ record: BotRecord) {
        let latest = record.latest
        key = record.key
        name = record.name
        labels = latest?.manifest.labels ?? [:]
        desired = latest?.manifest.spec.version
        deployed = record.observed?.version
        isObserved = record.observed != nil
        state = record.condition.state
        `guard` = record.condition.guard
        message = record.condition.message
        since = record.condition.since
    }
}

/// Everything that the fleet's page is made of, taken at one moment.
package struct FleetSnapshot: Sendable {
    package var bots: [FleetBot] = []
    package var branch = ""
    package var head: CommitID?
    /// When the last pass ended; nil: none has ended in this process.
    package var passedAt: Timestamp?
    /// The newest of them, and how many there are.
    package var open: [Rollout] = []
    package var openCount = 0
    package var events: [Event] = []
    package var notices: [Notice] = []
    package var pendingDeliveries = 0
    package var deadDeliveries = 0

    package init() {}
}

/// Something that concerns more than one bot, with what a person can do about it.
package struct Notice: Hashable, Sendable {
    package var tone: String
    package var title: String
    package var detail: String
    /// A command line, or "".
    package var remedy: String

    init(_ tone: Face.Tone, _ title: String, _ detail: String, remedy: String = "") {
        self.tone = tone.rawValue
        self.title = Words.clean(title)
        self.detail = Words.clean(detail)
        self.remedy = Words.clean(remedy)
    }
}
