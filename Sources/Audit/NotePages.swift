package import Domain

/// The notes of one repository as they were at one moment, handed over some at a time, so that memory does not grow with their
/// number. Blocks: it is called from the verifier's own thread, never from the cooperative pool.
package protocol NotePages: Sendable {
    /// Every note once, in the order of commit ids, with its whole text; nil: it is too large to be read. May be called again.
    func each(_ take: (CommitID, String?) throws -> Void) throws
}

/// Notes that are in memory already.
package struct NoteTexts: NotePages {
    private let texts: [CommitID: String]

    package init(_ texts: [CommitID: String]) { self.texts = texts }

    package func each(_ take: (CommitID, String?) throws -> Void) throws {
        for (commit, text) in texts.sorted(by: { $0.key < $1.key }) { try take(commit, text) }
    }
}
