import Domain

extension NotesProof {
    /// Every noted record of the journal stands on its commit, is due, or is left to the log; nothing else stands there.
    func prove(
        _ holding: Holding, chain: String, against reference: JournalReference, into verdict: inout AuditVerdict
    ) throws {
        var entries = holding.entries
        var suspects = Dictionary(grouping: holding.suspects, by: \.index)
        let due = try reference.journal.notesDue()
        let pending = notes.place == .remoteNotes ? due.unpushed : due.unwritten
        for finding in holding.findings { verdict.add(finding) }
        var position: Int64 = 0
        while position < reference.last {
            let lines = try reference.journal.lines(after: position, limit: AuditLimits.maxLinesPerPage)
            guard let end = lines.last else { break }
            for line in lines {
                guard let commit = line.notedOn else { continue }
                if let entry = entries.removeValue(forKey: line.index) {
                    verdict.proved[notes.place, default: 0] += 1
                    if entry.commit != commit {
                        verdict.add(finding(.reordered, line.index, chain, commit: entry.commit, line: entry.line))
                    }
                } else if pending.contains(line.index) {
                    verdict.pendingNotes.append(line.index)
                } else if let suspect = suspects[line.index]?.first(where: { $0.commit == commit }) {
                    suspects[line.index]?.removeAll { $0.commit == commit && $0.line == suspect.line }
                    verdict.add(finding(.changed, line.index, chain, commit: commit, line: suspect.line))
                } else if left[commit]?.contains(where: { $0.contains(line.index) }) == true {
                    verdict.leftToLog += 1
                } else {
                    verdict.add(finding(.cut, line.index, chain, commit: commit))
                }
            }
            position = end.index
        }
        for suspect in suspects.values.joined() {
            verdict.add(finding(.added, suspect.index, chain, commit: suspect.commit, line: suspect.line))
        }
        for entry in entries.values {
            let kind: AuditFinding.Kind = entry.record.index > reference.last ? .leads : .added
            verdict.add(finding(kind, entry.record.index, chain, commit: entry.commit, line: entry.line))
        }
    }

    /// Without a state: the numbers of the noted records have no gap that a full note does not explain, and each names the
    /// hash of the one before.
    func proveAlone(_ holding: Holding, chain: String) -> (findings: [AuditFinding], leftToLog: Int) {
        let entries = holding.entries.values.sorted { $0.note.index < $1.note.index }
        var findings = holding.findings
        var changed = Set<Int64>()
        for suspect in holding.suspects {
            let isExtra = holding.entries[suspect.index] != nil || suspect.noteIndex == nil
            if !isExtra, let number = suspect.noteIndex { changed.insert(number) }
            findings.append(
                finding(
                    isExtra ? .added : .changed, suspect.index, chain, commit: suspect.commit, line: suspect.line))
        }
        var leftToLog = 0
        var before: Entry?
        var doubt: Entry?
        for entry in entries {
            let expected = (before?.note.index ?? 0) + 1
            let number = entry.note.index
            if number < expected {
                findings.append(finding(.added, entry.record.index, chain, commit: entry.commit, line: entry.line))
                continue
            }
            if number > expected {
                if isLeft(after: before?.record.index ?? 0, before: entry.record.index) {
                    leftToLog += Int(clamping: number - expected)
                } else if let gap = missing(expected..<number, but: changed, chain: chain) {
                    findings.append(gap)
                }
                if let doubt { findings.append(changedEntry(doubt, chain)) }
                doubt = nil
            } else if let suspect = doubt {
                doubt = nil
                let continues = entry.note.previous == before?.record.hash
                findings.append(changedEntry(continues ? suspect : before ?? suspect, chain))
            } else if entry.note.previous != before?.record.hash ?? SHA256Hex.zeros {
                if let before { doubt = before } else { findings.append(changedEntry(entry, chain)) }
            }
            before = entry
        }
        if let doubt { findings.append(changedEntry(doubt, chain)) }
        return (findings, leftToLog)
    }

    private func changedEntry(_ entry: Entry, _ chain: String) -> AuditFinding {
        finding(.changed, entry.record.index, chain, commit: entry.commit, line: entry.line)
    }

    private func isLeft(after: Int64, before: Int64) -> Bool {
        guard after + 1 < before else { return false }
        return left.values.contains { $0.contains { $0.overlaps(after + 1...before - 1) } }
    }

    private func missing(_ numbers: Range<Int64>, but changed: Set<Int64>, chain: String) -> AuditFinding? {
        guard let first = numbers.first(where: { !changed.contains($0) }) else { return nil }
        var finding = finding(.cut, first, chain)
        finding.last = numbers.upperBound - 1
        finding.isNoteNumber = true
        return finding
    }
}
