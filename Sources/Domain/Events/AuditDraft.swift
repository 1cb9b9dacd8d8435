/// An audit record before it has its place in the chain; the store's writer numbers, chains and serialises it inside the
/// transaction of the step that it records.
package struct AuditDraft: Hashable, Sendable {
    /// Members of the record but for `v`, `chain`, `note`, `complianceTag` and `auditTimestamp`.
    package var fields: [String: JSONValue]
    package var at: Timestamp
    package var bot: BotKey?
    package var rolloutId: String?
    /// The manifest commit whose git note repeats this record; nil for single steps.
    package var notedOn: CommitID?
    /// The outcome of a rollout: the writer adds `steps: {first, last}`, the indexes of that rollout's records.
    package var closesSteps: Bool

    package init(
        fields: [String: JSONValue], at: Timestamp, bot: BotKey?, rolloutId: String?, notedOn: CommitID?,
        closesSteps: Bool = false
    ) {
        self.fields = fields
        self.at = at
        self.bot = bot
        self.rolloutId = rolloutId
        self.notedOn = notedOn
        self.closesSteps = closesSteps
    }
}
