package import Domain

/// The course of one deployment job.
package struct JobScript: Sendable, Hashable {
    package enum Ending: Sendable, Hashable, Codable {
        /// COMPLETED, and the version serves.
        case completes
        case fails(message: String)
        /// RUNNING for ever.
        case hangs
        /// The status says COMPLETED, but nothing was switched: the listing says FAILED and the old version serves.
        case claimsCompletion
        /// COMPLETED, but another version serves, and the listing says so.
        case completesAs(versionId: String)
        /// Status and listing say COMPLETED, but the old version goes on answering.
        case servesOldVersion
    }

    package var queuedFor: Span
    package var runningFor: Span
    package var ending: Ending
    /// For so long after the status said COMPLETED the listing and the bot still show the old world.
    package var visibleAfter: Span

    package init(
        queuedFor: Span = .milliseconds(50), runningFor: Span = .milliseconds(150), ending: Ending = .completes,
        visibleAfter: Span = .zero
    ) {
        self.queuedFor = queuedFor
        self.runningFor = runningFor
        self.ending = ending
        self.visibleAfter = visibleAfter
    }
}

/// One deployment job. Its state is a function of the time: a thousand running jobs need no timer.
package struct SimulatedJob: Sendable, Hashable {
    package let id: String
    package let botId: String
    package let environment: String
    package let targetVersionId: String
    package let action: String
    package let createdAt: Timestamp
    package let createdBy: String?
    package let idempotencyKey: String?
    package internal(set) var script: JobScript

    var runningAt: Timestamp { createdAt.advanced(by: script.queuedFor) }
    var endsAt: Timestamp { runningAt.advanced(by: script.runningFor) }
    var switchesAt: Timestamp { endsAt.advanced(by: script.visibleAfter) }

    /// Whether nothing about the job changes any more.
    func isSettled(at now: Timestamp) -> Bool { script.ending != .hangs && now >= switchesAt }

    /// What `GET …/status` says.
    package func reportedState(at now: Timestamp) -> String { state(at: now, end: endsAt, claimed: true) }

    /// What the listing says.
    package func listedState(at now: Timestamp) -> String { state(at: now, end: switchesAt, claimed: false) }

    private func state(at now: Timestamp, end: Timestamp, claimed: Bool) -> String {
        if now < runningAt { return "QUEUED" }
        if now < end || script.ending == .hangs { return "RUNNING" }
        return switch script.ending {
        case .completes, .completesAs, .servesOldVersion, .hangs: "COMPLETED"
        case .fails: "FAILED"
        case .claimsCompletion: claimed ? "COMPLETED" : "FAILED"
        }
    }

    var errorMessage: String? {
        switch script.ending {
        case .fails(let message): message
        case .claimsCompletion: "the switch was undone"
        case .completes, .completesAs, .servesOldVersion, .hangs: nil
        }
    }

    /// The target as the listing names it after the end.
    func listedVersionId(at now: Timestamp) -> String {
        if case .completesAs(let other) = script.ending, now >= switchesAt { return other }
        return targetVersionId
    }

    /// The version that serves once the job is settled, where it switched anything.
    var switchedTo: String? {
        switch script.ending {
        case .completes: targetVersionId
        case .completesAs(let other): other
        case .fails, .hangs, .claimsCompletion, .servesOldVersion: nil
        }
    }
}
