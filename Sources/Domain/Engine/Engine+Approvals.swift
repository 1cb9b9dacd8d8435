/// What a person accepts although it is held: a head, whatever holds it, and drift on many bots of a platform.
extension Engine {
    /// Approvals that are remembered, to know the revert of an approved commit.
    static let maxApprovals = 200

    mutating func approve(_ text: String, _ decision: Decision) throws(DecisionError) -> String {
        guard text.count >= 4, text.allSatisfy(\.isHexDigit) else {
            throw DecisionError(.unknown, "`\(text)` is no commit id; give at least four of its digits")
        }
        let prefix = text.lowercased()
        let held = source.held.flatMap { $0.head.hex.hasPrefix(prefix) ? $0 : nil }
        let move = openMoves.last { $0.head.hex.hasPrefix(prefix) }
        // The head that is in force stands after every move that still waits.
        let inForce = openMoves.isEmpty ? nil : source.accepted.flatMap { $0.hex.hasPrefix(prefix) ? $0 : nil }
        guard decision.mayOverrideTrust || (held == nil && (move != nil || inForce != nil)) else {
            throw DecisionError(
                .forbidden, "only the number of bots may be approved so; whatever else holds a commit needs role admin")
        }
        guard let commit = held?.head ?? move?.head ?? inForce ?? (prefix.count == 40 ? CommitID(prefix) : nil) else {
            throw DecisionError(
                .unknown,
                "nothing that is held starts with \(text); give the whole id of a commit that was not read yet")
        }
        let last = commit == inForce ? openMoves.last?.number : move?.number
        if held == nil, last == nil, commit == source.accepted {
            throw DecisionError(.nothingToDo, "commit \(commit.short) is accepted already")
        }
        if isTrusted(commit), held == nil, last == nil {
            throw DecisionError(.nothingToDo, "commit \(commit.short) is approved already")
        }
        var overridden: [String] = []
        if let held { overridden.append(held.rewritten ? "rewrite" : "signature") }
        if last != nil { overridden.append("blast-radius") }
        let coversTrust = decision.mayOverrideTrust || isTrusted(commit)
        updateSource { record in
            record.approvals.removeAll { $0.commit == commit }
            record.approvals.append(
                SourceRecord.Approval(
                    commit: commit, by: decision.by, reason: decision.reason, coversTrust: coversTrust,
                    wasHeld: held != nil))
            if held == nil, let newest = record.approvals.indices.last {
                record.approvals[newest].isUnused = last == nil
            }
            if record.approvals.count > Engine.maxApprovals { record.approvals.removeFirst() }
        }
        tell(
            "approve", about: .commit(commit), decision, "\(decision.by) approved commit \(commit.short)", on: commit,
            overridden: overridden)
        let freed = last.map { approveMoves(upTo: $0) } ?? []
        for key in freed { refresh(key) }
        wantPass()
        return "approved \(commit.short)" + (freed.isEmpty ? "" : ": \(freed.count) bots may be rolled now")
    }

    mutating func approveDrift(_ name: String, _ decision: Decision) throws(DecisionError) -> String {
        guard let platform = platforms[name], settings.platform(name) != nil else {
            throw DecisionError(.unknown, "no platform is called \(name)")
        }
        guard !platform.driftHeld.isEmpty else {
            throw DecisionError(.nothingToDo, "no drift is held on platform \(name)")
        }
        let keys = platform.driftHeld
        updatePlatform(name) {
            $0.driftApproved = Set($0.driftApproved + keys).sorted()
            $0.driftHeld = []
        }
        tell(
            "approve", about: .platform(name), decision,
            "\(decision.by) approved undoing the drift on platform \(name)",
            on: nil, overridden: ["blast-radius"])
        emit("platform.released", about: .platform(name), .info, .success, "the drift on platform \(name) was approved")
        for key in keys { refresh(key) }
        wantPass()
        return "approved: the drift on \(keys.count) bots of platform \(name) will be undone"
    }
}
