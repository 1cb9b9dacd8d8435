import Domain

/// Proves the notes of one repository, against the journal where there is one; without it each chain's noted records, which
/// are numbered and chained among themselves, prove themselves. Notes are taken one after the other and not kept.
struct NotesProof {
    let place: AuditPlace
    /// Of the journal; nil: every chain counts alike.
    let chain: String?
    private(set) var disowned: Set<String>
    private(set) var reference: JournalReference?
    private let keys: AuditKeys?
    /// When the notes were listed.
    var moment: NotesMoment?
    /// Chains that prove themselves.
    private var holdings: [String: NotesHolding] = [:]
    /// What the notes hold of the journal's chain.
    private var home = NotesAtHome()
    /// There is at least one note, whoever wrote it.
    private var hasNotes = false
    /// Notes that are too large to be read, with the records that should stand there.
    private var unread: [CommitID: ClosedRange<Int64>?] = [:]
    /// By commit: the records that its note leaves to the log.
    private var left: [CommitID: [ClosedRange<Int64>]] = [:]

    /// - Parameter keys: judge the signatures of all chains but the journal's, whose own are judged there: a line of its notes is
    ///   the same bytes.
    init(place: AuditPlace, chain: String?, disowned: Set<String>, reference: JournalReference?, keys: AuditKeys?) {
        self.place = place
        self.chain = chain
        self.disowned = disowned
        self.reference = reference
        self.keys = keys
    }

    /// Where no journal tells which lines are disowned, the notes do; before anything is taken.
    mutating func collectDisowned(_ text: String) {
        guard text.contains("\"\(AuditMember.disowned)\"") else { return }
        for line in NoteLines.split(text) {
            guard let record = AuditLineKind(Array(line.utf8)).record, record.isGenuine else { continue }
            disowned.formUnion(record.disowned)
        }
    }

    mutating func take(text: String, of commit: CommitID) throws {
        begin(commit)
        for (position, line) in NoteLines.split(text).enumerated() {
            let bytes = Array(line.utf8)
            if try takeProven(bytes, of: commit, line: position + 1) { continue }
            try take(AuditLineKind(bytes), bytes, of: commit, line: position + 1)
        }
    }

    mutating func begin(_ commit: CommitID) {
        hasNotes = true
        home.begin()
        for id in holdings.keys { holdings[id]?.begin() }
    }

    /// A note that is too large to be read.
    mutating func takeUnread(_ commit: CommitID) {
        hasNotes = true
        unread[commit] = .some(nil)
    }

    /// A line of the proved journal, on its own commit.
    private mutating func takeProven(_ bytes: [UInt8], of commit: CommitID, line: Int) throws -> Bool {
        guard disowned.isEmpty, reference?.isProved == true, let found = ProvenLine(bytes),
            let genuine = try reference?.line(at: found.index), genuine.notedOn == commit,
            Array(genuine.line.utf8) == bytes
        else { return false }
        home.take(found.index, bytes, at: NotesAtHome.Spot(commit: commit, line: line), isHome: true)
        return true
    }

    mutating func take(_ kind: AuditLineKind, _ bytes: [UInt8], of commit: CommitID, line: Int) throws {
        if !disowned.isEmpty, disowned.contains(SHA256Hex.of(bytes)) { return }
        switch kind {
        case .more(let first, let last) where first <= last: left[commit, default: []].append(first...last)
        case .record(let record):
            let isCopy = !disowned.isEmpty && disowned.contains(NoteLines.digest(ofCopy: bytes, on: commit))
            if record.chain.id == chain, reference != nil {
                try takeOwn(record, at: NotesAtHome.Spot(commit: commit, line: line), isDisownedCopy: isCopy)
            } else {
                let id = record.chain.id
                guard holdings[id] != nil || holdings.count < AuditVerdict.maxChains else { return }
                let fresh = NotesHolding(keys: keys)
                holdings[id, default: fresh].take(record, on: commit, line: line, isDisownedCopy: isCopy)
            }
        default: return
        }
    }

    private mutating func takeOwn(_ record: AuditRecord, at spot: NotesAtHome.Spot, isDisownedCopy: Bool) throws {
        let index = record.chain.index
        let genuine = try reference?.line(at: index)
        if isDisownedCopy {
            let commit = genuine?.notedOn ?? record.value["commit"]?["sha"]?.text.map { CommitID($0) }
            if commit != spot.commit || home.isHome(index) { return }
        }
        guard record.note != nil, record.isGenuine, genuine.map({ Array($0.line.utf8) == record.line }) ?? true else {
            home.suspects[index, default: []].append(spot)
            return
        }
        home.take(index, record.line, at: spot, isHome: genuine?.notedOn == spot.commit)
    }

    mutating func finish(into verdict: inout AuditVerdict) throws {
        for (id, holding) in holdings.sorted(by: { $0.key < $1.key }) {
            let judged = holding.judge(left: left) { finding($0, $1, id, at: $2) }
            let signatures = holding.signatures(SignatureWalk(keys: keys, place: place, chain: id))
            if chain == nil {
                verdict.proved[place, default: 0] += judged.records
                verdict.leftToLog += judged.leftToLog
                for finding in judged.findings { verdict.add(finding) }
                verdict.add(signatures)
            } else {
                verdict.otherChains.append(
                    AuditVerdict.OtherChain(
                        id: id, place: place, records: judged.records,
                        findings: judged.findings + signatures.findings))
            }
        }
        if let chain, let reference { try prove(chain, against: reference, into: &verdict) }
    }

    /// Every noted record of the journal stands on its commit, is due, or is left to the log; nothing else stands there.
    private mutating func prove(
        _ chain: String, against reference: JournalReference, into verdict: inout AuditVerdict
    ) throws {
        let due = try reference.journal.notesDue()
        var pending = place == .remoteNotes ? due.unpushed : due.unwritten
        if let moment { pending.formUnion(place == .remoteNotes ? moment.unpushed : moment.unwritten) }
        let listed = moment?.last ?? reference.last
        for (index, spot) in home.extras { verdict.add(finding(.added, index, chain, at: spot)) }
        for (index, spot) in home.disordered { verdict.add(finding(.reordered, index, chain, at: spot)) }
        var gone: ClosedRange<Int64>?
        var position: Int64 = 0
        while position < reference.last {
            let lines = try reference.journal.lines(after: position, limit: AuditLimits.maxLinesPerPage)
            guard let end = lines.last else { break }
            for line in lines {
                guard let commit = line.notedOn else { continue }
                var strays = home.strays.removeValue(forKey: line.index) ?? []
                if home.isHome(line.index) {
                    verdict.proved[place, default: 0] += 1
                } else if !strays.isEmpty {
                    let spot = strays.remove(at: strays.firstIndex { $0.commit == commit } ?? 0)
                    verdict.proved[place, default: 0] += 1
                    if spot.commit != commit { verdict.add(finding(.reordered, line.index, chain, at: spot)) }
                } else if line.index > listed || pending.contains(line.index) {
                    verdict.pendingNotes.append(line.index)
                } else if let spot = home.takeSuspect(line.index, on: commit) {
                    verdict.add(finding(.changed, line.index, chain, at: spot))
                } else if left[commit]?.contains(where: { $0.contains(line.index) }) == true {
                    verdict.leftToLog += 1
                } else if let known = unread[commit] {
                    unread[commit] = (known?.lowerBound ?? line.index)...line.index
                } else if !hasNotes {
                    gone = min(gone?.lowerBound ?? line.index, line.index)...line.index
                } else {
                    var cut = finding(.cut, line.index, chain)
                    cut.commit = commit
                    verdict.add(cut)
                }
                for spot in strays { verdict.add(finding(.added, line.index, chain, at: spot)) }
            }
            position = end.index
        }
        for (commit, records) in unread.sorted(by: { $0.key < $1.key }) {
            guard let records else { continue }
            verdict.add(
                AuditFinding(
                    place: place, kind: .unread, chain: chain, first: records.lowerBound, last: records.upperBound,
                    commit: commit))
        }
        if let gone {
            verdict.add(
                AuditFinding(
                    place: place, kind: .missing, chain: chain, first: gone.lowerBound, last: gone.upperBound))
        }
        for (index, spots) in home.suspects {
            for spot in spots { verdict.add(finding(.added, index, chain, at: spot)) }
        }
        for (index, spots) in home.strays {
            for (number, spot) in spots.enumerated() {
                verdict.add(finding(index > reference.last && number == 0 ? .leads : .added, index, chain, at: spot))
            }
        }
    }

    private func finding(
        _ kind: AuditFinding.Kind, _ first: Int64, _ chain: String, at spot: NotesAtHome.Spot? = nil
    ) -> AuditFinding {
        AuditFinding(
            place: place, kind: kind, chain: chain, first: first, last: first, line: spot?.line, commit: spot?.commit)
    }
}
