/// What holds where a manifest says nothing: from `policy.defaults`, before the built-in defaults. Nil: not said here either.
package struct ManifestDefaults: Hashable, Sendable {
    package var mode: Manifest.Mode?
    package var selfHeal: Bool?
    package var onFailure: Manifest.OnFailure?
    package var maxActiveSessions: Int?
    package var drainTimeout: Span?
    package var validateDependencies: Bool?
    package var requirePublished: Bool?
    package var requireEnvironmentMatch: Bool?
    package var cooldown: Span?
    package var windows: [Window]?

    package init() {}

    /// The thresholds of a manifest that has no `guards`.
    package var guards: Guards {
        var guards = Guards()
        guards.maxActiveSessions = maxActiveSessions ?? guards.maxActiveSessions
        guards.drainTimeout = drainTimeout ?? guards.drainTimeout
        guards.validateDependencies = validateDependencies ?? guards.validateDependencies
        guards.requirePublished = requirePublished ?? guards.requirePublished
        guards.requireEnvironmentMatch = requireEnvironmentMatch ?? guards.requireEnvironmentMatch
        guards.cooldown = cooldown ?? guards.cooldown
        guards.windows = windows ?? guards.windows
        return guards
    }
}

extension ManifestDefaults {
    /// What the other says takes the place of what stands here.
    package mutating func overlay(with other: ManifestDefaults) {
        mode = other.mode ?? mode
        selfHeal = other.selfHeal ?? selfHeal
        onFailure = other.onFailure ?? onFailure
        maxActiveSessions = other.maxActiveSessions ?? maxActiveSessions
        drainTimeout = other.drainTimeout ?? drainTimeout
        validateDependencies = other.validateDependencies ?? validateDependencies
        requirePublished = other.requirePublished ?? requirePublished
        requireEnvironmentMatch = other.requireEnvironmentMatch ?? requireEnvironmentMatch
        cooldown = other.cooldown ?? cooldown
        windows = other.windows ?? windows
    }
}
