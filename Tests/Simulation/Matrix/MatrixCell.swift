package import Domain

/// One cell of the platform matrix: one bad answer, once, to one of a rollout's questions, in one of three phases.
package struct MatrixCell: Hashable, Sendable, CustomStringConvertible {
    /// When it comes.
    package enum Phase: String, Hashable, Sendable, CaseIterable {
        case rollout, failover
        /// The process is killed as it asks, and the answer is that to its successor.
        case restart
    }

    /// What comes in the place of an answer. What is malformed and what breaks off in the middle is one and the same here: an
    /// adapter hands both on as an answer that cannot be understood.
    package enum Answer: String, Hashable, Sendable, CaseIterable {
        case lostBefore, lostAfter, conflict, rateLimited, serverError, doneButServerError, malformed
        case jobNotFound, statusRegresses, wrongVersion, drip

        /// Some answers are none to some questions: only a status can fall back, only what names a version can name another.
        func fault(to step: Rollout.Question) -> Fault? {
            switch self {
            case .lostBefore: Fault(.lostBefore)
            case .lostAfter: Fault(.lostAfter)
            case .conflict: Fault(.conflictUnclear)
            // 429 with a Retry-After of some seconds.
            case .rateLimited: Fault(.rateLimited, amount: 0x1000_0000_0000_0000)
            case .serverError: Fault(.serverError, amount: 1)
            case .doneButServerError: Fault(.doneButServerError)
            case .malformed: Fault(.html)
            case .jobNotFound: Fault(.notFound)
            case .statusRegresses: step == .status ? Fault(.statusRegresses) : nil
            case .wrongVersion:
                switch step {
                case .post: Fault(.wrongVersionServes)
                case .turn: Fault(.wrongTurnVersion)
                case .jobs, .lookUp, .readBack: Fault(.wrongVersionListed)
                case .versions, .sessions, .status: nil
                }
            case .drip: Fault(.hang)
            }
        }
    }

    package var answer: Answer
    package var step: Rollout.Question
    package var phase: Phase

    package var description: String { "\(answer.rawValue) to \(step.rawValue) in \(phase.rawValue)" }

    package static let all: [MatrixCell] = Answer.allCases.flatMap { answer in
        Rollout.Question.allCases.flatMap { step in
            Phase.allCases.filter { _ in answer.fault(to: step) != nil }.map {
                MatrixCell(answer: answer, step: step, phase: $0)
            }
        }
    }

    /// One bot, which a commit moves to a version that is good, or bad where there is to be a failover.
    package var world: World {
        let key = BotKey(platform: "default", botId: "b1", environment: "PRODUCTION")
        var second = WorldVersion(id: "v2")
        second.isBad = phase == .failover
        let bot = WorldBot(
            name: "a1", key: key, labels: [:], versions: [WorldVersion(id: "v1"), second], servesFirst: "v1",
            jobTime: .seconds(2), sessions: 0)
        var configuration = Configuration(
            source: SourceSettings(url: "/bots.git"),
            platforms: [PlatformSettings(name: "default", url: "https://default.example", credential: .apiKey([]))],
            audit: AuditSettings(file: "audit.jsonl"), state: "ballast.db")
        configuration.reconcile.rolloutTimeout = .minutes(5)
        var spec = Manifest.Spec(platform: "default", botId: "b1", environment: "PRODUCTION", version: "v1")
        spec.verify = [VerifyCase(message: "order", intent: "order_support", minConfidence: 0.8)]
        var next = spec
        next.version = "v2"
        return World(
            seed: 1, configuration: configuration, capabilities: ["default": PlatformCapabilities()],
            intervals: LookRhythm.Intervals(look: .seconds(20), pass: .minutes(1)), bots: [bot],
            happenings: [
                World.Timed(0, .commit([0: .manifest(spec)], isSigned: true)),
                World.Timed(60_000, .commit([0: .manifest(next)], isSigned: true)), World.Timed(60_100, .hook),
            ], rates: .listed, faultsEndAt: 300_000, isRepaired: false, areLax: true)
    }
}

/// Puts the cell's answer, and before it whatever leads to the question, in the place of what would have come.
struct MatrixFaults {
    let cell: MatrixCell
    private(set) var isDone = false
    private var hasLedThere = false
    private var hasDied = false

    init(_ cell: MatrixCell) { self.cell = cell }

    enum Wish {
        case nothing
        case fault(Fault)
        case die
    }

    /// - Parameter rollout: whose question it is, as journaled.
    mutating func next(_ rollout: Rollout?) -> Wish {
        guard !isDone, let rollout, let question = rollout.leg.asking, rollout.isFailover == (cell.phase == .failover)
        else {
            return .nothing
        }
        if question == .post, !hasLedThere {
            // Only a POST whose fate is unknown is looked up; only a failover that is refused asks for sessions.
            if cell.step == .lookUp {
                hasLedThere = true
                return .fault(Fault(.lostAfter))
            }
            if cell.step == .sessions, cell.phase == .failover {
                hasLedThere = true
                return .fault(Fault(.conflictUnclear))
            }
        }
        // After a death the successor looks the POST up in the place of sending it again.
        let isSuccessors = cell.phase == .restart && hasDied && cell.step == .post && question == .lookUp
        guard question == cell.step || isSuccessors else { return .nothing }
        if cell.phase == .restart, !hasDied {
            hasDied = true
            return .die
        }
        guard let fault = cell.answer.fault(to: question) else { return .nothing }
        isDone = true
        return .fault(fault)
    }
}
