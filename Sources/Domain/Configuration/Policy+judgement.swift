/// The policy can only tighten manifests: it finds fault with them and adds windows, and grants nothing.
extension Policy {
    /// Why the manifest is outside the policy, one sentence a reason; empty where it is within.
    /// - Parameter path: of the file, from the root of the repository.
    package func violations(of manifest: Manifest, path: String) -> [String] {
        requirementViolations(of: manifest) + (allowViolation(of: manifest, path: path).map { [$0] } ?? [])
    }

    /// The manifest's spec with the policy's windows in the group of their own.
    package func tightened(_ spec: Manifest.Spec) -> Manifest.Spec {
        var tightened = spec
        tightened.guards.policyWindows = windows
        return tightened
    }

    private func requirementViolations(of manifest: Manifest) -> [String] {
        let guards = manifest.spec.guards
        var found: [String] = []
        if require.verify, manifest.spec.verify.isEmpty {
            found.append("the policy requires `spec.verify` to have at least one case")
        }
        func need(_ isRequired: Bool, _ isGiven: Bool, _ field: String) {
            if isRequired, !isGiven { found.append("the policy requires `spec.guards.\(field)` to be true") }
        }
        need(require.validateDependencies, guards.validateDependencies, "validateDependencies")
        need(require.requirePublished, guards.requirePublished, "requirePublished")
        need(require.requireEnvironmentMatch, guards.requireEnvironmentMatch, "requireEnvironmentMatch")
        if let most = require.maxActiveSessionsAtMost, guards.maxActiveSessions > most {
            found.append(
                "`spec.guards.maxActiveSessions` is \(guards.maxActiveSessions); the policy allows at most \(most)")
        }
        return found
    }

    private func allowViolation(of manifest: Manifest, path: String) -> String? {
        guard let allow else { return nil }
        let here = allow.filter { Glob.matches(path: $0.path, path) }
        if here.isEmpty { return "the policy allows no manifest at this path" }
        let spec = manifest.spec
        let isAllowed = here.contains { entry in
            entry.platforms.admits(spec.platform) && entry.environments.admits(spec.environment)
                && entry.bots.admits(spec.botId)
        }
        if isAllowed { return nil }
        return "the policy does not allow a manifest at this path to name the bot \(manifest.key)"
    }
}

extension [String]? {
    /// No list admits all.
    fileprivate func admits(_ id: String) -> Bool { self?.contains { Glob.matches(id: $0, id) } ?? true }
}
