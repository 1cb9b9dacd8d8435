import Audit
import Domain

/// What became of the proof.
enum VerdictText {
    static func text(_ verdict: AuditVerdict, remote: String?, colors: Bool) -> String {
        var lines: [String] = []
        if let chain = verdict.chain { lines.append("chain \(chain)") }
        for place in AuditPlace.allCases {
            guard let count = verdict.proved[place] else { continue }
            lines.append("\(place.rawValue): \(count) record\(count == 1 ? "" : "s") proved")
        }
        lines += signatures(verdict)
        if let lag = verdict.logLag {
            lines.append("log: lags by records \(lag.lowerBound) to \(lag.upperBound); the next start completes it")
        }
        if !verdict.pendingNotes.isEmpty {
            lines.append("notes: \(verdict.pendingNotes.count) still to be written or pushed")
        }
        if verdict.leftToLog > 0 { lines.append("notes: \(verdict.leftToLog) left to the log, where a note was full") }
        if let remote { lines.append("remote notes: not looked at: \(UntrustedText.cleaned(remote))") }
        for other in verdict.otherChains {
            let state = other.findings.first.map { "\($0)" } ?? "whole as far as it goes"
            lines.append("another chain \(other.id) in \(other.place.rawValue): \(other.records) records, \(state)")
        }
        lines += verdict.findings.map { Paint.red.on("BROKEN", colors) + " \($0)" }
        if verdict.unlistedFindings > 0 { lines.append("and \(verdict.unlistedFindings) more findings") }
        lines.append(verdict.isWhole ? Paint.green.on("the trail is whole", colors) : "the trail is broken")
        return lines.map { $0 + "\n" }.joined()
    }

    private static func signatures(_ verdict: AuditVerdict) -> [String] {
        guard let seen = verdict.signatures else {
            return verdict.hasKeys ? ["signatures: no record has one yet"] : []
        }
        guard verdict.hasKeys else {
            return [
                "signatures: records are signed from \(seen.first) on; none was checked without a key (--public-key FILE)"
            ]
        }
        return ["signatures: \(seen.proved) proved, from record \(seen.first) on"]
    }
}

/// `audit verify -o json`.
struct AuditVerdictShape: Encodable {
    struct Finding: Encodable {
        var place: String
        var kind: String
        var chain: String
        var first: Int64
        var last: Int64
        var file: String?
        var line: Int?
        var commit: String?
        var message: String

        init(_ finding: AuditFinding) {
            place = finding.place.rawValue
            kind = finding.kind.rawValue
            chain = finding.chain
            first = finding.first
            last = finding.last
            file = finding.file
            line = finding.line
            commit = finding.commit?.hex
            message = "\(finding)"
        }
    }

    struct Chain: Encodable {
        var id: String
        var place: String
        var records: Int
        var findings: [Finding]
    }

    struct Signatures: Encodable {
        var first: Int64
        var proved: Int
        var unchecked: Int
    }

    var whole: Bool
    var chain: String?
    var proved: [String: Int]
    var findings: [Finding]
    var unlistedFindings: Int
    var otherChains: [Chain]
    var pendingNotes: [Int64]
    var leftToLog: Int
    /// Absent: no record has one.
    var signatures: Signatures?
    /// Why the remote's notes were not looked at.
    var remoteFailure: String?

    init(_ verdict: AuditVerdict, remote: String?) {
        whole = verdict.isWhole
        chain = verdict.chain
        proved = Dictionary(uniqueKeysWithValues: verdict.proved.map { ($0.key.rawValue, $0.value) })
        findings = verdict.findings.map { Finding($0) }
        unlistedFindings = verdict.unlistedFindings
        otherChains = verdict.otherChains.map {
            Chain(id: $0.id, place: $0.place.rawValue, records: $0.records, findings: $0.findings.map { Finding($0) })
        }
        pendingNotes = verdict.pendingNotes
        leftToLog = verdict.leftToLog
        signatures = verdict.signatures.map {
            Signatures(first: $0.first, proved: $0.proved, unchecked: $0.unchecked)
        }
        remoteFailure = remote
    }
}
