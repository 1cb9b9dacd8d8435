package import Domain

/// Where a chain goes on.
package struct ChainHead: Hashable, Sendable {
    package var id: String
    package var nextIndex: Int64 = 1
    package var previous = SHA256Hex.zeros
    package var nextNoteIndex: Int64 = 1
    package var previousNoted = SHA256Hex.zeros

    package init(id: String) { self.id = id }
}

/// A record in its place in the chain.
package struct AuditLine: Hashable, Sendable {
    package var index: Int64
    /// Canonical JSON without a line end: the same bytes in journal, log and note.
    package var line: String
    package var bot: BotKey?
    package var rolloutId: String?
    package var notedOn: CommitID?

    package init(index: Int64, line: String, bot: BotKey? = nil, rolloutId: String? = nil, notedOn: CommitID? = nil) {
        self.index = index
        self.line = line
        self.bot = bot
        self.rolloutId = rolloutId
        self.notedOn = notedOn
    }
}

/// Numbers, chains and serialises records. A value: the store works on a copy inside its transaction and keeps it only
/// when the transaction is on the disk.
package struct ChainWriter: Sendable {
    package static let version: Int64 = 1
    package static let complianceTag = "GOVERNANCE_ROLLBACK_EVENT"
    /// Without the line end.
    package static let maxLineBytes = 4096

    /// As many bytes as any signature, to hold its place.
    private static let signaturePlace = String(repeating: "A", count: 88)

    package private(set) var head: ChainHead
    /// nil: records are sealed without a signature.
    package let signer: AuditSigner?

    package init(head: ChainHead, signer: AuditSigner? = nil) {
        self.head = head
        self.signer = signer
    }

    /// - Parameter firstStep: the index of the first record of the draft's rollout, nil where this is the first;
    ///   used only where the draft closes the steps.
    package mutating func append(_ draft: AuditDraft, firstStep: Int64? = nil) throws(AuditError) -> AuditLine {
        let index = head.nextIndex
        var envelope: [String: JSONValue] = [
            AuditMember.version: .integer(Self.version),
            AuditMember.complianceTag: .string(Self.complianceTag),
            AuditMember.time: .string(draft.at.recordText),
        ]
        if draft.notedOn != nil {
            envelope[AuditMember.note] = .object([
                "index": .integer(head.nextNoteIndex), "previous": .string(head.previousNoted),
            ])
        }
        if draft.closesSteps {
            envelope[AuditMember.steps] = .object([
                "first": .integer(firstStep ?? index), "last": .integer(index),
            ])
        }
        let chain = chain(hash: SHA256Hex.zeros, signature: signer == nil ? nil : Self.signaturePlace)
        envelope[AuditMember.chain] = chain
        let (line, hash) = try sealed(RecordSize.fitted(draft.fields, envelope: envelope), chain: chain)
        head.nextIndex += 1
        head.previous = hash
        if draft.notedOn != nil {
            head.nextNoteIndex += 1
            head.previousNoted = hash
        }
        return AuditLine(
            index: index, line: line, bot: draft.bot, rolloutId: draft.rolloutId, notedOn: draft.notedOn)
    }

    private func chain(hash: String?, signature: String?) -> JSONValue {
        .object(omittingNil: [
            "id": .string(head.id), "index": .integer(head.nextIndex), "previous": .string(head.previous),
            "hash": .optional(hash), "signature": .optional(signature),
        ])
    }

    /// Puts hash and signature in the places that are held for them.
    private func sealed(_ draft: [UInt8], chain: JSONValue) throws(AuditError) -> (line: String, hash: String) {
        if let place = SealedLine(draft, chain: chain) {
            let hash = SHA256Hex.of(place.input)
            var line = draft
            line.replaceSubrange(place.digits, with: hash.utf8)
            if let signer, let signature = place.signature {
                line.replaceSubrange(signature, with: try signer.signature(over: hash).utf8)
            }
            return (String(decoding: line, as: UTF8.self), hash)
        }
        guard case .object(var members) = try JSONText.parse(draft) else {
            return (String(decoding: draft, as: UTF8.self), "")
        }
        members[AuditMember.chain] = self.chain(hash: nil, signature: nil)
        let hash = SHA256Hex.of(try CanonicalJSON.bytes(.object(members)))
        members[AuditMember.chain] = self.chain(hash: hash, signature: try signer?.signature(over: hash))
        return (try CanonicalJSON.text(.object(members)), hash)
    }
}
