/// What an earlier process left goes on. Every start begins with a look: what has not sent its POST waits for it, since a
/// newer commit may have come meanwhile; what was sent is looked up and watched at once.
extension Engine {
    /// A remote that does not answer holds up no drain for longer.
    static let startPatience = Span.seconds(15)

    mutating func resumeAtStart() {
        awaitsLook = true
        timers.add(.start, at: now.tick + Engine.startPatience)
        for (id, machine) in machines.sorted(by: { $0.key < $1.key }) {
            let rollout = machine.rollout
            if rollout.phase == .planned {
                takeNewSettings(id)
                queue.enqueue(id, on: rollout.key.platform, isRetry: isRetry(rollout))
            } else if [.guarding, .draining].contains(rollout.phase), !rollout.isFailover || fleet.restored != nil {
                resting.insert(id)
            } else {
                drive(id, .resume)
            }
            if let declared = bots[rollout.key]?.declared, let reason = exclusion(declared, of: id) {
                drive(id, .removed(reason: reason))
            }
        }
    }

    /// The branch was looked at, or could not be, or takes too long. After a restored backup every bot is observed first.
    mutating func resumeAfterLook() {
        awaitsLook = false
        guard fleet.restored == nil, !resting.isEmpty else { return }
        let ids = resting.sorted()
        resting = []
        for id in ids where machines[id] != nil {
            if !takeNewSettings(id) { drive(id, .resume) }
        }
    }

    /// The manifest or the configuration may have changed while a POST was out or no process ran: before the POST the newest
    /// guards and policy count.
    @discardableResult
    mutating func takeNewSettings(_ id: String) -> Bool {
        guard let rollout = machines[id]?.rollout, !rollout.isFailover, let declared = bots[rollout.key]?.declared
        else {
            return false
        }
        let newest = effectiveSettings(declared, platform: rollout.key.platform)
        guard newest != rollout.settings else { return false }
        drive(id, .settingsChanged(newest, declared.provenance, labels: declared.manifest.labels))
        return true
    }
}
