import Domain

/// What can go wrong at one place where this process meets the world.
package enum FaultKind: String, Hashable, Sendable, CaseIterable, Comparable {
    // A request to a platform.
    case notSent, lostBefore, lostAfter, late, slow, hang, serverError, doneButServerError, html, rateLimited
    case unauthorized, forbidden, notFound, invalid
    case conflictDependencies, conflictSessions, conflictInFlight, conflictUnclear
    // Lies.
    case otherJobsAnswer, statusRegresses, wrongVersionServes, wrongTurnVersion, noIntent
    case answeredTwice, arrivesTwice
    /// The newest job of a list is told with another version than it has; in the platform matrix alone.
    case wrongVersionListed
    // The remote.
    case remoteAway, remoteSlow, remoteHangs
    // Sinks.
    case sinkDown, sinkSlow, sinkGone, sinkRefuses, sinkLost, sinkLater
    // Notes.
    case notesUnwritable, notesAway, notesRace, notesRefused
    // The disk and the process. A commit that fails ends the process (`Reconciler.step` throws, and nothing was sent),
    // so that `diskFull` is a death before the commit: what a restart finds is the same.
    case diskFull, logUnwritable, crashBeforeCommit, crashAfterCommit, crashBetweenEffects, crashInAppend

    package static func < (one: FaultKind, other: FaultKind) -> Bool { one.rawValue < other.rawValue }
}

/// Where faults are drawn; each place counts its occasions by itself.
package enum FaultPlace: String, Hashable, Sendable, CaseIterable {
    case request, post, source, sink, notes, turn, append

    package var kinds: [FaultKind] {
        switch self {
        case .request:
            [
                .notSent, .lostBefore, .slow, .hang, .serverError, .html, .rateLimited, .unauthorized, .forbidden,
                .notFound, .otherJobsAnswer, .statusRegresses, .wrongTurnVersion, .noIntent, .answeredTwice,
            ]
        case .post:
            [
                .notSent, .lostBefore, .lostAfter, .late, .slow, .hang, .serverError, .doneButServerError, .html,
                .rateLimited, .unauthorized, .forbidden, .notFound, .invalid, .conflictDependencies, .conflictSessions,
                .conflictInFlight, .conflictUnclear, .wrongVersionServes, .answeredTwice, .arrivesTwice,
            ]
        case .source: [.remoteAway, .remoteSlow, .remoteHangs]
        case .sink: [.sinkDown, .sinkSlow, .sinkGone, .sinkRefuses, .sinkLost, .sinkLater]
        case .notes: [.notesUnwritable, .notesAway, .notesRace, .notesRefused]
        case .turn: [.diskFull, .crashBeforeCommit, .crashAfterCommit, .crashBetweenEffects]
        case .append: [.logUnwritable, .crashInAppend]
        }
    }
}

extension FaultKind {
    /// Those that come by chance: the others are only put somewhere on purpose.
    static let drawn = allCases.filter { kind in FaultPlace.allCases.contains { $0.kinds.contains(kind) } }

    /// Lies fit one question each; everything else can happen to any.
    func isPossible(in request: PlatformRequest) -> Bool {
        switch self {
        case .otherJobsAnswer, .statusRegresses: if case .status = request { true } else { false }
        case .wrongTurnVersion, .noIntent: if case .test = request { true } else { false }
        default: true
        }
    }
}

/// How likely each kind is at each occasion of its place, 0...1. A kind that is not there never happens.
package struct FaultRates: Hashable, Sendable {
    package var rates: [FaultKind: Double]

    /// Nothing is drawn, and yet the world is none without faults: a list or a cell says what goes wrong.
    package static let listed = FaultRates(rates: [.html: 0])

    package init(rates: [FaultKind: Double]) { self.rates = rates }
}

/// One fault that happens. `amount` says how much of it, in whatever its kind counts.
package struct Fault: Hashable, Sendable {
    package var kind: FaultKind
    package var amount: UInt64

    package init(_ kind: FaultKind, amount: UInt64 = 0) {
        self.kind = kind
        self.amount = amount
    }

    /// 0..<1, from the amount.
    package var share: Double { Double(amount >> 11) * 0x1p-53 }
}
