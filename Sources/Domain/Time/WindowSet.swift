/// What the windows say at one instant.
package enum WindowVerdict: Hashable, Sendable {
    case open
    /// `next`: when a rollout may start; nil where that is not within what can be foreseen. `because`: the window that
    /// denies, or one of those that would allow.
    case closed(next: Timestamp?, because: Window)
}

/// The windows of a manifest and of the policy. Deny beats allow; no `allow` means always. Each group is judged by
/// itself and all must be open, so that a manifest's `allow` can't loosen the policy's.
package struct WindowSet: Sendable {
    package static let maxWindowDuration = Span.days(366)
    /// Openings looked at before the answer is "not foreseeable"; with `maxSearchDays` it bounds the cost.
    package static let maxSteps = 200

    struct Entry: Sendable {
        var window: Window
        /// Nil where the text is no schedule: such a window is taken as closed, for unknown is never a pass.
        var schedule: CronSchedule?
        var isKnownZone: Bool
    }

    let groups: [[Entry]]
    let zones: any TimeZones

    package init(_ groups: [[Window]], zones: any TimeZones) {
        self.zones = zones
        self.groups = groups.map { group in
            group.map { window in
                Entry(
                    window: window, schedule: try? CronSchedule(window.schedule),
                    isKnownZone: zones.exists(window.timeZone))
            }
        }
    }

    /// The windows of a manifest and those with which a policy tightened it.
    package init(_ guards: Guards, zones: any TimeZones) {
        self.init([guards.windows, guards.policyWindows], zones: zones)
    }

    /// - Parameter isReturn: a rollout to a version that was verified here before passes where `allowRollback` says so.
    package func judge(at now: Timestamp, isReturn: Bool) -> WindowVerdict {
        let bounds = Timestamp.writable
        let now = Timestamp(milliseconds: min(max(now.milliseconds, bounds.lowerBound), bounds.upperBound))
        guard let first = closure(at: now, isReturn: isReturn) else { return .open }
        var time = first.until
        for _ in 0..<WindowSet.maxSteps {
            guard let instant = time else { break }
            guard let next = closure(at: instant, isReturn: isReturn) else {
                return .closed(next: instant, because: first.window)
            }
            time = next.until.map { max($0, instant.advanced(by: .milliseconds(1))) }
        }
        return .closed(next: nil, because: first.window)
    }

    /// What closes at this instant, and the first instant at which that could be over; nil where all is open.
    private func closure(at time: Timestamp, isReturn: Bool) -> (window: Window, until: Timestamp?)? {
        var worst: (window: Window, until: Timestamp?)?
        for group in groups {
            guard let closed = closure(of: group, at: time, isReturn: isReturn) else { continue }
            guard let until = closed.until else { return closed }
            if let known = worst?.until, known >= until { continue }
            worst = closed
        }
        return worst
    }

    private func closure(of group: [Entry], at time: Timestamp, isReturn: Bool) -> (window: Window, until: Timestamp?)?
    {
        let denying = group.filter { $0.window.kind == .deny && !(isReturn && $0.window.allowRollback) }
        var latest: (window: Window, until: Timestamp?)?
        for entry in denying {
            guard entry.schedule != nil, entry.isKnownZone else { return (entry.window, nil) }
            guard let end = end(of: entry, at: time) else { continue }
            if let known = latest?.until, known >= end { continue }
            latest = (entry.window, end)
        }
        if let latest { return latest }
        let allowing = group.filter { $0.window.kind == .allow }
        guard let example = allowing.first, !(isReturn && allowing.contains { $0.window.allowRollback }) else {
            return nil
        }
        if allowing.contains(where: { end(of: $0, at: time) != nil }) { return nil }
        return (example.window, allowing.compactMap { start(of: $0, after: time) }.min())
    }

    /// The end of the window's span that is running at this instant; nil where none is.
    private func end(of entry: Entry, at time: Timestamp) -> Timestamp? {
        guard let schedule = entry.schedule, entry.isKnownZone else { return nil }
        let duration = min(entry.window.duration, WindowSet.maxWindowDuration)
        let earliest = time.advanced(by: Span(milliseconds: 1 - duration.milliseconds))
        return schedule.latestStart(atOrBefore: time, since: earliest, in: clock(entry))?.advanced(by: duration)
    }

    private func start(of entry: Entry, after time: Timestamp) -> Timestamp? {
        guard let schedule = entry.schedule, entry.isKnownZone else { return nil }
        return schedule.earliestStart(after: time, in: clock(entry))
    }

    private func clock(_ entry: Entry) -> ZoneClock { ZoneClock(zones: zones, name: entry.window.timeZone) }
}
