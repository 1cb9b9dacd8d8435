package import Domain

/// Moves of the accepted head: which bots each one changes, and which of them wait for a person because they are too many.
package struct MoveAccount: Sendable {
    package struct Move: Sendable {
        package var head: CommitID
        /// Those whose manifest is another one than the one in force: at most these are rolled.
        package var bots: Set<BotKey> = []
        /// Those among them that only take an approved commit back.
        package var approvedReverts: Set<BotKey> = []
        package var isApproved: Bool
    }

    /// A head that is taken back and comes again is another move.
    package private(set) var moves: [Move] = []
    /// The move that asked for what the head wants of each bot. A later one that changes how, not what or whether, rolls
    /// nothing of its own: what an earlier one asked for may still be to come.
    package private(set) var moveOf: [BotKey: Int] = [:]
    /// The move with which a manifest came that is not in force yet: later heads change what waits, not for what it waits.
    private var attached: [BotKey: Int] = [:]
    private var specs: [BotKey: Manifest.Spec] = [:]
    /// What is in force, and the move that put it there: a later head that wants just that asks for nothing of its own.
    private var inForce: [BotKey: Manifest.Spec] = [:]
    private var moveInForce: [BotKey: Int] = [:]
    private var accepted: CommitID?
    private var reading: Reading?

    mutating func see(_ sight: Sight, in scene: Scene) {
        switch sight {
        case .told(.read(.value(let reading)), _): self.reading = reading
        case .decided(.approve(let commit)): approve(CommitID(commit))
        case .committed:
            if let head = scene.journal.source.accepted, head != accepted { take(head, scene) }
            for bot in scene.world.bots { noteForce(bot.key, scene) }
        default: break
        }
    }

    /// Whether it waits with others that are too many to be rolled without a person.
    package func holds(_ key: BotKey, _ scene: Scene) -> Bool {
        guard let number = attached[key] else { return false }
        let move = moves[number]
        return !move.isApproved && !move.bots.subtracting(move.approvedReverts).isEmpty
            && move.bots.count > scene.world.configuration.reconcile.maxBotsPerCommit
    }

    /// All moves up to the one of that head; the head that is in force stands after every one.
    private mutating func approve(_ commit: CommitID) {
        guard let last = commit == accepted ? moves.indices.last : moves.lastIndex(where: { $0.head == commit }) else {
            return
        }
        for number in 0...last { moves[number].isApproved = true }
    }

    private mutating func noteForce(_ key: BotKey, _ scene: Scene) {
        let spec = scene.journal.bots[key]?.declared?.manifest.spec
        if Wish(spec) != Wish(inForce[key]) { moveInForce[key] = moveOf[key] }
        inForce[key] = spec
        if spec != nil, spec == specs[key] { attached[key] = nil }
    }

    private mutating func take(_ head: CommitID, _ scene: Scene) {
        accepted = head
        let number = moves.count
        moves.append(Move(head: head, isApproved: scene.people.approved[head] != nil))
        let branch = scene.branch
        for bot in scene.world.bots {
            let key = bot.key
            let content = branch.content(bot.path, at: head)
            let spec = branch.manifest(bot.path, at: head)?.spec
            // One that cannot be read changes nothing of what waits.
            if content == nil || (spec != nil && spec == inForce[key]) {
                attached[key] = nil
            } else if attached[key] == nil, let spec {
                attached[key] = number
                if spec.mode == .converge, !spec.suspend {
                    moves[number].bots.insert(key)
                    if isApprovedRevert(bot.path, scene) { moves[number].approvedReverts.insert(key) }
                }
            }
            if Wish(spec) == Wish(inForce[key]) {
                moveOf[key] = moveInForce[key]
            } else if Wish(spec) != Wish(specs[key]) {
                moveOf[key] = attached[key] ?? number
            }
            specs[key] = spec
        }
    }

    private func isApprovedRevert(_ path: String, _ scene: Scene) -> Bool {
        guard let change = reading?.changes.first(where: { $0.path == path }),
            case .file(let documents) = change.content
        else { return false }
        return documents.allSatisfy { document in
            document.provenance.reverts.map { scene.people.approved[$0] != nil } ?? false
        }
    }
}

/// What a manifest asks to serve, and whether it is converged.
private struct Wish: Equatable {
    var version: String?
    var mode: Manifest.Mode?
    var isSuspended: Bool
    var selfHeals: Bool

    init(_ spec: Manifest.Spec?) {
        version = spec?.version
        mode = spec?.mode
        isSuspended = spec?.suspend ?? true
        selfHeals = spec?.selfHeal ?? false
    }
}
