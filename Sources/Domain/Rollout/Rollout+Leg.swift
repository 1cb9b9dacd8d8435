extension Rollout {
    /// The way of one target version: the desired one, or the fallback.
    package struct Leg: Hashable, Codable, Sendable {
        package var target: String
        /// As the version guard found it.
        package var direction = Direction.rollback
        /// Of drain time. Desired version: runs only while sessions are what stops it. Fallback: runs while it waits for
        /// anything but a slot before its POST.
        package var drainLeft: Span?
        package var drainingSince: Tick?
        /// How often sessions stopped it, for the cadence.
        package var sessionLooks = 0
        /// How often jobs in flight stopped it in a row, for the cadence.
        package var jobLooks = 0
        /// Looks in a row that failed.
        package var looksFailed = 0
        /// Counts definite refusals and first sends; part of the idempotency key.
        package var attempt = 0
        package var intent: Intent?
        /// The last POST surely did nothing though its fate was unknown: the next one carries the same key.
        package var keepsKey = false
        /// How often nothing came of a POST in a row, for the backoff.
        package var resends = 0
        /// When the first of the POSTs in a row whose fate was unknown was journaled.
        package var triggeringSince: Tick?
        package var lookUps = 0
        /// A 409 that named no reason: sessions and jobs are looked at once more, then it is final.
        package var conflictIsUnclear = false
        /// A 404 to the POST: versions are looked at once more, then it is blocked.
        package var targetNotFound = false
        /// The jobs that the in-flight guard saw last; a POST's intent keeps them.
        package var seenJobIds: [String] = []
        /// When a look at jobs last found nothing in flight.
        package var jobsPassedAt: Tick?
        /// The jobs that it waits for.
        package var openJobIds: [String] = []
        package var jobId: String?
        /// Of the POST, or of the adoption.
        package var deployingSince: Tick?
        package var polls = 0
        /// When the job was last heard of.
        package var heardAt: Tick?
        /// When its end was seen, and how it ended.
        package var jobEndedAt: Tick?
        package var jobFailure: String?
        package var readBacks = 0
        package var verifyingSince: Tick?
        /// Position in `settings.verify`, and its attempts so far.
        package var caseIndex = 0
        package var attemptsMade = 0
        package var attemptsPassed = 0
        /// Turns in a row that proved nothing.
        package var inconclusive = 0
        /// What the machine asked for last, so that an answer and a restart find their place.
        package var asking: Question?
        /// What it does when it is woken; nil while it asks.
        package var next: Next?
        /// What the pages of one look have shown so far.
        package var reading = Reading()

        package init(target: String) { self.target = target }
    }

    /// One look over several pages.
    package struct Reading: Hashable, Codable, Sendable {
        /// When its first page was asked for: what came later need not be in it.
        package var begunAt: Tick?
        package var page = 1
        /// The first item of the page before: the same one again means that the server ignores paging.
        package var first: String?
        package var sessions = 0
        package var target: VersionInfo?
        package var deployedVersion: VersionInfo?
        package var jobIds: [String] = []
        package var open: [JobInfo] = []
        /// The COMPLETED job that finished last.
        package var deployed: JobInfo?
        package var ours: JobInfo?

        package init() {}
    }
}
