package import Domain

package enum AuditPlace: String, Hashable, Sendable, CaseIterable {
    case journal, log, notes
    case remoteNotes = "remote notes"
}

/// One thing that is wrong with the trail, with the first record that it is about.
package struct AuditFinding: Hashable, Sendable, CustomStringConvertible {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Records were taken away.
        case cut
        /// A record's content is not what the chain proves.
        case changed
        case reordered
        /// A line stands here that does not belong to the chain, or a record stands twice.
        case added
        /// The last line has no end; the next start mends it.
        case torn
        /// Records that the journal lacks: a state restored from a backup.
        case leads
        /// Journal and log disagree about the last record, and nothing after it tells which one is genuine.
        case differs
        /// The signature is not one of the known keys over this record.
        case badSignature
        /// Signed by a key after another one took its place.
        case formerKey
        /// Without a signature, though records before it are signed.
        case unsigned
        /// A file of the log was moved away, or the one before it was cut at its end.
        case missingFile
        /// The place cannot be read at all, or is gone.
        case missing
        /// Somebody else made a note so large that it is not read.
        case unread
    }

    package var place: AuditPlace
    package var kind: Kind
    package var chain: String
    /// Index in the chain; where a clone's notes alone were read and records are missing, their number among the noted ones.
    package var first: Int64
    package var last: Int64
    package var isNoteNumber = false
    /// The file's name, where the log has several.
    package var file: String?
    /// The name that the file would have that held what is missing before the only one that is there.
    package var movedFile: String?
    /// Of the log's file or of the note, from 1.
    package var line: Int?
    package var commit: CommitID?

    package var description: String {
        let what = isNoteNumber ? "noted record" : "record"
        let records = first == last ? "\(what) \(first)" : "\(what)s \(first) to \(last)"
        let verb = first == last ? "was" : "were"
        let subject =
            switch kind {
            case .cut:
                "\(records) \(verb) cut" + (movedFile.map { ", or moved away with the closed file \($0)" } ?? "")
            case .changed: "\(records) \(verb) changed"
            case .reordered: "\(records) \(verb) reordered"
            case .added: first > 0 ? "a line was added at \(records)" : "a line was added"
            case .torn: "the last line, \(records), is torn; the next start mends it"
            case .leads:
                "\(records) \(first == last ? "is" : "are") here but not in the state, which was restored or cut"
            case .differs: "\(records) differs from the state's, and nothing after it tells which is genuine"
            case .badSignature: "\(records) \(verb) signed by none of the known keys, or changed after it"
            case .formerKey: "\(records) \(verb) signed by a former key, after a newer one had taken its place"
            case .unsigned: "\(records) \(verb) stripped of the signature that records before have"
            case .missingFile:
                "\(records) \(first == last ? "is" : "are") missing: \(file ?? "a file") was moved away, or the file before "
                    + "it was cut at its end"
            case .missing where place == .notes || place == .remoteNotes:
                "there are none any more; they should hold what is noted of \(records)"
            case .missing: "it cannot be read, and should hold \(records)"
            case .unread:
                "a note is too large to be read, and should hold what is noted of \(records); somebody else made it so large"
            }
        let at = [kind == .missingFile ? nil : file, line.map { "line \($0)" }, commit.map { "on commit \($0.short)" }]
            .compactMap(\.self)
        return "\(place.rawValue): \(subject)\(at.isEmpty ? "" : " (\(at.joined(separator: " ")))")"
    }
}

/// What `ballast audit verify` says.
package struct AuditVerdict: Hashable, Sendable {
    /// A chain of another state: told and verified as far as it goes, never a finding by its presence.
    package struct OtherChain: Hashable, Sendable {
        package var id: String
        package var place: AuditPlace
        package var records: Int
        package var findings: [AuditFinding]
    }

    /// What the records say of signatures, where they were walked.
    package struct Signatures: Hashable, Sendable {
        /// The first record that has one: those before it were sealed without a key.
        package var first: Int64
        /// By a known key.
        package var proved = 0
        /// Because no key was given.
        package var unchecked = 0

        init(first: Int64) { self.first = first }

        mutating func add(_ other: Signatures) {
            first = min(first, other.first)
            proved += other.proved
            unchecked += other.unchecked
        }
    }

    /// Findings that are listed; the rest is counted.
    package static let maxFindings = 100
    /// Chains that are followed in one place.
    package static let maxChains = 100

    /// nil: only notes were read, and every chain in them counts alike.
    package var chain: String?
    /// Records of the own chain that were proved, by place.
    package var proved: [AuditPlace: Int] = [:]
    /// nil: no record has one.
    package var signatures: Signatures?
    /// A key was given by which they could be judged.
    package var hasKeys = false
    /// In the order of their first records; empty: the trail is whole.
    package var findings: [AuditFinding] = []
    package var unlistedFindings = 0
    package var otherChains: [OtherChain] = []
    /// Noted records whose note is not written or not pushed yet; no finding.
    package var pendingNotes: [Int64] = []
    /// Records that the log lacks at its end and was never known to have; the next start completes it. No finding.
    package var logLag: ClosedRange<Int64>?
    /// Noted records that full notes leave to the log.
    package var leftToLog = 0

    package var isWhole: Bool { findings.isEmpty }

    package init() {}

    mutating func add(_ walk: SignatureWalk, placed: (AuditFinding) -> AuditFinding = { $0 }) {
        for finding in walk.findings { add(placed(finding)) }
        guard let seen = walk.seen else { return }
        if signatures == nil { signatures = seen } else { signatures?.add(seen) }
    }

    mutating func add(_ finding: AuditFinding) {
        if findings.count < Self.maxFindings { findings.append(finding) } else { unlistedFindings += 1 }
    }
}
