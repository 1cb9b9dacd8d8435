import Domain
import Testing

struct PolicyTests {
    private func manifest(_ change: (inout Manifest.Spec) -> Void = { _ in }) -> Manifest {
        var spec = Manifest.Spec(platform: "default", botId: "bot_1", environment: "PRODUCTION", version: "v1")
        change(&spec)
        return Manifest(name: "one", labels: [:], spec: spec)
    }

    private func policy(_ change: (inout Policy) -> Void) -> Policy {
        var policy = Policy()
        change(&policy)
        return policy
    }

    @Test func anEmptyPolicyFindsNoFault() {
        let bare = manifest { $0.guards.validateDependencies = false }
        #expect(Policy().violations(of: bare, path: "a.yaml").isEmpty)
    }

    @Test func eachRequirementIsAskedFor() {
        let strict = policy {
            $0.require.verify = true
            $0.require.validateDependencies = true
            $0.require.requirePublished = true
            $0.require.requireEnvironmentMatch = true
            $0.require.maxActiveSessionsAtMost = 10
        }
        let bad = manifest {
            $0.guards.validateDependencies = false
            $0.guards.requirePublished = false
            $0.guards.requireEnvironmentMatch = false
            $0.guards.maxActiveSessions = 11
        }
        let found = strict.violations(of: bad, path: "a.yaml")
        #expect(found.count == 5)
        for word in ["verify", "validateDependencies", "requirePublished", "requireEnvironmentMatch", "at most 10"] {
            #expect(found.contains { $0.contains(word) }, "\(word)")
        }
        let good = manifest {
            $0.guards.maxActiveSessions = 10
            $0.verify = [VerifyCase(message: "hello", intent: "greet", minConfidence: 0.5)]
        }
        #expect(strict.violations(of: good, path: "a.yaml").isEmpty)
    }

    @Test(
        arguments: [
            ("teams/orders/a.yaml", "default", "PRODUCTION", "bot_1x", nil),
            ("teams/billing/a.yaml", "default", "PRODUCTION", "bot_1x", "no manifest at this path"),
            ("teams/orders/a.yaml", "other", "PRODUCTION", "bot_1x", "other/bot_1x/PRODUCTION"),
            ("teams/orders/a.yaml", "default", "STAGING", "bot_1x", "default/bot_1x/STAGING"),
            ("teams/orders/a.yaml", "default", "PRODUCTION", "bot_2", "default/bot_2/PRODUCTION"),
            ("shared/a.yaml", "any", "ANY", "bot", nil),
        ] as [(String, String, String, String, String?)])
    func foldersMayNameOnlyTheirBots(
        path: String, platform: String, environment: String, bot: String, reason: String?
    ) {
        let policy = policy {
            $0.allow = [
                Policy.Allow(
                    path: "teams/orders/**", platforms: ["default"], environments: ["PRODUCTION"], bots: ["bot_1*"]),
                Policy.Allow(path: "shared/*"),
            ]
        }
        let spec = Manifest.Spec(platform: platform, botId: bot, environment: environment, version: "v")
        let found = policy.violations(of: Manifest(name: "a", labels: [:], spec: spec), path: path)
        #expect(found.count == (reason == nil ? 0 : 1))
        if let reason { #expect(found.first?.contains(reason) == true) }
    }

    @Test func anEmptyAllowListAllowsNothing() {
        #expect(policy { $0.allow = [] }.violations(of: manifest(), path: "a.yaml").count == 1)
    }

    @Test func tighteningAddsWindowsInTheirOwnGroup() {
        let own = Window(kind: .allow, schedule: "0 0 * * *", duration: .hours(1))
        let added = Window(kind: .deny, schedule: "0 0 * * *", duration: .hours(2))
        let spec = manifest { $0.guards.windows = [own] }.spec
        let tightened = policy { $0.windows = [added] }.tightened(spec)
        #expect(tightened.guards.windows == [own])
        #expect(tightened.guards.policyWindows == [added])
    }
}
