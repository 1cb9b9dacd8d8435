import Documents
import Domain
import Testing

struct EnvironmentOverrideTests {
    @Test func anyScalarCanBeOverridden() throws {
        let configuration = try load(
            fullConfiguration,
            [
                "BALLAST_SOURCE_URL": "https://other.example/b", "BALLAST_SOURCE_TRUST_REWRITES": "refuse",
                "BALLAST_RECONCILE_MAXBOTSPERCOMMIT": "7", "BALLAST_RECONCILE_HALTAFTERFAILURES_WITHIN": "2h",
                "BALLAST_PLATFORMS_0_URL": "https://first.example", "BALLAST_PLATFORMS_1_CAFILE": "other.pem",
                "BALLAST_PLATFORMS_0_APIKEY_FILE": "key", "BALLAST_POLICY_WINDOWS_0_DURATION": "1h",
                "BALLAST_POLICY_ALLOW_0_BOTS_0": "x*",
                "BALLAST_POLICY_DEFAULTS_GUARDS_COOLDOWN": "9s", "BALLAST_NOTIFICATIONS_0_LABELS_TEAM": "billing",
                "BALLAST_NOTIFICATIONS_1_URL": "https://plain.example", "BALLAST_AUDIT_NOTES_PUSH": "true",
                "BALLAST_LOGGING_LEVEL": "error",
                "BALLAST_STATE": "elsewhere.db", "BALLAST_NOTIFICATIONS_0_EVENTS_2": "bot.*", "UNRELATED": "x",
                "BALLAST_API_KEY": "secret-value",
                "BALLAST_CONFIG": "x", "BALLAST_SERVER": "y",
            ]
        ).get()
        #expect(configuration.source.url == "https://other.example/b")
        #expect(configuration.source.trust.rewrites == .refuse)
        #expect((configuration.reconcile.maxBotsPerCommit, configuration.reconcile.haltWithin) == (7, .hours(2)))
        #expect(configuration.platforms[0].url == "https://first.example")
        #expect(configuration.platforms[0].credential == .apiKey([.file(path: "/etc/ballast/key")]))
        #expect(configuration.platforms[1].caFile == "/etc/ballast/other.pem")
        #expect(configuration.policy.windows[0].duration == .hours(1))
        #expect(configuration.policy.allow?[0].bots == ["x*"])
        #expect(configuration.policy.defaults.cooldown == .seconds(9))
        #expect(configuration.notifications[0].labels == ["team": "billing"])
        #expect(configuration.notifications[0].events == ["rollout.*", "drift.*", "bot.*"])
        #expect(configuration.notifications[1].url == .literal("https://plain.example"))
        #expect(configuration.audit.pushNotes)
        #expect(configuration.logging.level == .error)
        #expect(configuration.state == "/etc/ballast/elsewhere.db")
    }

    /// What a pod is given beside services called `ballast` and `ballast-server`.
    @Test func theVariablesOfKubernetesAreNotMeant() throws {
        let address = "tcp://10.0.0.7:8080"
        let configuration = try load(
            smallConfiguration,
            [
                "BALLAST_SERVICE_HOST": "10.0.0.7", "BALLAST_SERVICE_PORT": "8080", "BALLAST_SERVICE_PORT_HTTP": "8080",
                "BALLAST_PORT": address, "BALLAST_PORT_8080_TCP": address, "BALLAST_PORT_8080_TCP_PROTO": "tcp",
                "BALLAST_PORT_8080_TCP_PORT": "8080", "BALLAST_PORT_8080_TCP_ADDR": "10.0.0.7",
                "BALLAST_SERVER_PORT": address, "BALLAST_SERVER_SERVICE_HOST": "10.0.0.7",
                "BALLAST_SERVER_PORT_8080_TCP_PORT": "8080",
            ]
        ).get()
        #expect(configuration.server.port == 8080)
        #expect(try load(smallConfiguration, ["BALLAST_SERVER_PORT": "9999"]).get().server.port == 9999)
        for name in ["BALLAST_PORT", "BALLAST_PORT_TCP", "BALLAST_PORT_X_TCP", "BALLAST_SERVICE"] {
            #expect(throws: (any Error).self, "\(name)") { try load(smallConfiguration, [name: "8080"]).get() }
        }
    }

    @Test func whatTheFileLacksCanComeFromTheEnvironment() throws {
        let configuration = try load(
            "",
            [
                "BALLAST_SOURCE_URL": "https://git.example/b", "BALLAST_PLATFORMS_0_NAME": "default",
                "BALLAST_PLATFORMS_0_URL": "https://tenant.example", "BALLAST_PLATFORMS_0_APIKEY_ENV": "KEY",
            ]
        ).get()
        #expect(configuration.platforms.map(\.name) == ["default"])
        #expect(configuration.platforms[0].credential == .apiKey([.environment(name: "KEY")]))
    }

    @Test(arguments: [
        ("BALLAST_RECONCILE_INTERVAL", "5", "0:0 BALLAST_RECONCILE_INTERVAL: `reconcile.interval`: `5` has no unit"),
        ("BALLAST_RECONCILE_INTERVAL", "", "0:0 BALLAST_RECONCILE_INTERVAL: `reconcile.interval`: expected a duration"),
        (
            "BALLAST_SOURCE_URL", "http://evil.example",
            "BALLAST_SOURCE_URL: `source.url`: http is read on loopback only"
        ),
        ("BALLAST_RECONCILE", "x", "the environment variable BALLAST_RECONCILE names a group of fields"),
        ("BALLAST_PLATFORMS", "x", "names a group of fields"), ("BALLAST_PLATFORMS_0", "x", "names a group of fields"),
        ("BALLAST_PLATFORMS_0_APIKEY", "hunter2", "BALLAST_PLATFORMS_0_APIKEY names a group of fields"),
        ("BALLAST_SERVER_PORTS", "80", "the environment variable BALLAST_SERVER_PORTS matches no field"),
        ("BALLAST_RECONCILE_INTERVALL", "5m", "BALLAST_RECONCILE_INTERVALL matches no field"),
        ("BALLAST_SOURCE_URL_X", "5m", "BALLAST_SOURCE_URL_X matches no field"), ("BALLAST_", "5m", "BALLAST_ "),
        ("BALLAST_PLATFORMS_7_URL", "x", "an item of a list that does not exist"),
        ("BALLAST_PLATFORMS_x_URL", "x", "matches no field"),
        ("BALLAST_PLATFORMS_99999999999999999999_URL", "x", "matches no field"),
        ("BALLAST_NOTIFICATIONS_0_LABELS_OTHER", "x", "matches no field"),
    ])
    func whatDoesNotFitIsNamed(name: String, value: String, expected: String) {
        let found = configurationProblems(fullConfiguration, [name: value])
        #expect(found.contains { $0.contains(expected) }, "\(found)")
        #expect(!found.contains { $0.contains("hunter2") })
    }

    @Test func aVariableThatTheFileNamesAsASecretOverridesNothing() throws {
        let text = smallConfiguration.replacing("env: KEY", with: "env: BALLAST_LOGGING_LEVEL")
        #expect(try load(text, ["BALLAST_LOGGING_LEVEL": "not a level"]).get().logging.level == .info)
    }
}
