import Audit
import Domain
import Git

extension Target {
    static let trail: [Target] = [
        Target(
            name: "audit-line", share: 40,
            words: [
                "\"chain\":{", "\"hash\":\"", "\"index\":", "\"previous\":\"", "\"note\":{",
                "\"more\":{\"first\":1,\"last\":2}",
                "\"disowned\":[", "\\u001f", "\\u00e9", "1.0", "1E5", "5e-324", "-0.0", "[[[[[[[[[[[[[[[[",
                "{\"a\":{\"a\":",
            ], read: { try readLine($0) }),
        Target(
            name: "notes", share: 6,
            words: [
                "\n\n", "{\"more\":{\"first\":1,\"last\":2}}\n", "somebody else's line\n", "\"index\":1",
                "\"id\":\"c1\"",
            ],
            read: { try readNotes($0) }),
    ]

    /// What reads as JSON writes as canonical JSON that reads as the same; what was canonical writes as the same bytes.
    @Sendable private static func readLine(_ bytes: [UInt8]) throws -> Outcome {
        let kind = AuditLineKind(bytes)
        guard let (value, isCanonical) = try? JSONText.read(bytes) else {
            guard case .unreadable = kind else { throw BrokenPromise("no JSON, and yet \(kind)") }
            do { _ = try JSONText.parse(bytes) } catch {
                try promise(!error.message.isEmpty, "refused without words")
                return .refused(error.message)
            }
            throw BrokenPromise("JSON only the second time")
        }
        let written = try CanonicalJSON.bytes(value)
        if isCanonical { try promise(written == bytes, "canonical, and written otherwise") }
        let (again, isNowCanonical) = try JSONText.read(written)
        try promise(isNowCanonical, "what was written is not canonical")
        // 1.0 is written as 1, which is the same number and reads as an integer.
        try promise(try CanonicalJSON.bytes(again) == written, "what was written reads otherwise")
        switch kind {
        case .record(let record):
            try promise(!record.isGenuine || isCanonical, "genuine, and not canonical")
            return .good("record \(record.isGenuine) \(record.note == nil) \(record.disowned.count.signum())")
        case .more(let first, let last): return .good("more \(first <= last)")
        case .foreign: return .good("foreign \(isCanonical)")
        case .unreadable: throw BrokenPromise("JSON, and yet unreadable")
        }
    }

    /// Two notes, parted by a record separator (0x1E).
    @Sendable private static func readNotes(_ bytes: [UInt8]) throws -> Outcome {
        let texts = bytes.split(separator: 0x1E, maxSplits: 1, omittingEmptySubsequences: false).map { Array($0) }
        let (one, other) = (texts[0], texts.count > 1 ? texts[1] : [])
        try checkMerge(one, other)
        let verifier = AuditVerifier(
            journal: nil, logPath: nil,
            notes: [
                .init(
                    place: .notes,
                    texts: [
                        CommitID(String(repeating: "a", count: 40)): String(decoding: one, as: UTF8.self),
                        CommitID(String(repeating: "b", count: 40)): String(decoding: other, as: UTF8.self),
                    ])
            ])
        let verdict = try verifier.verifyNow()
        var outcome = verdict.findings.isEmpty ? Outcome.good() : .refused()
        for finding in verdict.findings {
            try promise(!finding.description.isEmpty && finding.line ?? 1 >= 1, "\(finding)")
            outcome.add("\(finding.kind)")
        }
        outcome.add("\(verdict.proved[.notes, default: 0].signum()) \(verdict.otherChains.count.signum())")
        return outcome
    }

    /// No line of either is lost, and merging again adds nothing.
    private static func checkMerge(_ one: [UInt8], _ other: [UInt8]) throws {
        let merged = NoteLines.union(one, other)
        let lines = Set(merged.split(separator: 10))
        for line in one.split(separator: 10) + other.split(separator: 10) {
            try promise(lines.contains(line), "a line was lost in the merge")
        }
        try promise(NoteLines.union(merged, other) == merged, "merging twice adds lines")
    }
}
