/// Who and when, as a commit says it (nothing of it is proved).
package struct Person: Hashable, Sendable, Codable {
    package var name: String
    package var email: String
    /// Seconds since 1970; clamped to what 64 bits hold.
    package var seconds: Int64
    /// Minutes east of Greenwich that the writer's clock stood at.
    package var offsetMinutes: Int

    package init(name: String, email: String, seconds: Int64, offsetMinutes: Int = 0) {
        self.name = name
        self.email = email
        self.seconds = seconds
        self.offsetMinutes = offsetMinutes
    }

    /// `Name <email>`, as people are written in records.
    package var label: String { "\(name) <\(email)>" }
}

/// A commit as a plain value, parsed from its raw bytes.
package struct CommitSnapshot: Hashable, Sendable {
    package var id: ObjectID
    package var tree: ObjectID
    package var parents: [ObjectID]
    package var author: Person
    package var committer: Person
    /// Everything after the first blank line; invalid UTF-8 replaced, not otherwise changed. At most `maxMessageBytes`.
    package var message: String
    /// The object's content as it is stored: what signatures are verified over.
    package var raw: [UInt8]

    /// The first line of the message that is not blank.
    package var subject: String {
        message.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    }

    static let maxMessageBytes = 64 * 1024
    /// A commit object beyond this is refused (`tooLarge`).
    package static let maxCommitBytes = 1024 * 1024
    /// More parents are not read; an octopus of thousands is abuse.
    static let maxParents = 64
}
