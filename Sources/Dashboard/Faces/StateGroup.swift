package import Domain

/// The states in the groups that a person looks for first, most urgent last in the tally and first in the table.
package enum StateGroup: String, Hashable, Sendable, CaseIterable {
    case inSync = "in-sync"
    case moving, waiting, drifting, unknown, stopped, failed
    case aside

    package var states: [BotCondition.State] {
        switch self {
        case .inSync: [.inSync]
        case .moving: [.progressing]
        case .waiting: [.waiting]
        case .drifting: [.drifted]
        case .unknown: [.unknown]
        case .stopped: [.blocked, .held, .invalid]
        case .failed: [.degraded, .indeterminate, .failedOver]
        case .aside: [.suspended, .unmanaged]
        }
    }

    var title: String {
        switch self {
        case .inSync: "In sync"
        case .moving: "Rolling"
        case .waiting: "Waiting"
        case .drifting: "Drifting"
        case .unknown: "Unknown"
        case .stopped: "Stopped"
        case .failed: "Failed"
        case .aside: "Set aside"
        }
    }

    /// Which states it counts, where that is more than its title says.
    var legend: String {
        switch self {
        case .inSync: "as git says"
        case .moving: "a rollout runs"
        case .waiting: "for a guard"
        case .drifting: "not as git says"
        case .unknown: "not observable"
        case .stopped: "blocked, held, invalid"
        case .failed: "or failed over"
        case .aside: "suspended, unmanaged"
        }
    }

    var tone: Face.Tone {
        switch self {
        case .inSync: .good
        case .moving: .move
        case .waiting: .wait
        case .drifting, .unknown: .warn
        case .stopped: .stop
        case .failed: .fail
        case .aside: .calm
        }
    }

    package init(_ state: BotCondition.State) {
        self = Self.allCases.first { $0.states.contains(state) } ?? .unknown
    }

    /// 0 is looked at first.
    var urgency: Int {
        switch self {
        case .failed: 0
        case .stopped: 1
        case .drifting: 2
        case .unknown: 3
        case .moving: 4
        case .waiting: 5
        case .aside: 7
        case .inSync: 6
        }
    }
}
