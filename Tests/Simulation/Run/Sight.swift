package import Domain

/// What a checker sees: what crossed the border of the process, and what became durable. Nothing of what the engine thinks.
package enum Sight: Sendable {
    /// A process has loaded the state.
    case started(StoredState)
    case died
    /// A second process on the same state was refused, or was not.
    case second(wasRefused: Bool)
    /// The process is handed this; with the request that it answers.
    case told(EngineInput, Sent?)
    case committed([Transaction])
    /// A request leaves the process.
    case sent(Sent)
    /// It is at the platform, which made a new job of it, or knew it already.
    case arrived(Sent, isNew: Bool)
    case attempted(sink: String, Event, DeliveryAnswer, isTaken: Bool)
    /// A person's decision was taken, and is on the disk.
    case decided(Decision.Kind)
    case happened(Happening)
    case faultsEnded
    /// Long enough after the faults that everything must have come to rest.
    case settled
    /// So much later that a whole pass found nothing new.
    case finished
}

/// One request on its way.
package struct Sent: Sendable {
    package var number: Int
    /// Of the engine, in this process.
    package var exchange: Int
    package var platform: String
    package var request: PlatformRequest
    /// True time, and the engine's.
    package var sentAt: Int64
    package var tick: Tick
    package var arrivedAt: Int64?

    package var deployment: DeploymentRequest? {
        if case .deploy(let request) = request { request } else { nil }
    }

    package var deploymentKey: BotKey? {
        deployment.map { BotKey(platform: platform, botId: $0.botId, environment: $0.environment) }
    }
}
