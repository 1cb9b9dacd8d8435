/// Good and bad documents that decoder and schema must judge alike. What no schema can see (lines, duplicate keys, sums
/// of fields) is not here.
enum SchemaCorpus {
    static var manifests: [String] {
        let additions = [
            "  platform: default", "  platform: a/b", "  fallbackVersion: 1.10", "  fallbackVersion: ''",
            "  fallbackVersion: ~", "  mode: alert",
            "  mode: off", "  selfHeal: false", "  selfHeal: 1", "  selfHeal: 'true'", "  suspend: true",
            "  unknown: 1", "  onFailure: hold",
            "  onFailure: rollback", "  guards: {}", "  guards: []", "  guards: {maxActiveSessions: 0}",
            "  guards: {maxActiveSessions: -1}",
            "  guards: {maxActiveSessions: '1'}", "  guards: {maxActiveSessions: 1.5}", "  guards: {drainTimeout: 10m}",
            "  guards: {drainTimeout: 10}",
            "  guards: {drainTimeout: 1h30m}", "  guards: {drainTimeout: 30m1h}", "  guards: {drainTimeout: ''}",
            "  guards: {drainTimeout: 500ms}",
            "  guards: {drainTimeout: 5 m}", "  guards: {drainTimeout: '10m'}", "  guards: {cooldown: 0s}",
            "  guards: {windows: []}",
            "  guards: {windows: [{kind: deny, schedule: '0 17 * * FRI', duration: 63h}]}",
            "  guards: {windows: [{kind: deny, schedule: '0 17 * *', duration: 63h}]}",
            "  guards: {windows: [{kind: block, schedule: '0 17 * * FRI', duration: 63h}]}",
            "  guards: {windows: [{kind: deny, duration: 63h}]}",
            "  guards: {windows: [{kind: allow, schedule: '0 0 1,15 */2 MON-FRI', duration: 1h, timeZone: Europe/Berlin, allowRollback: true}]}",
            "  guards: {windows: [{kind: deny, schedule: '0 17 * * FRI', duration: 1h, timeZone: ''}]}", "  verify: []",
            "  verify: {}",
            "  verify: [{message: hi, intent: a}]", "  verify: [{message: hi}]", "  verify: [{message: '', intent: a}]",
            "  verify: [{message: 5, intent: true}]",
            "  verify: [{message: hi, intent: a, minConfidence: 0.5}]",
            "  verify: [{message: hi, intent: a, minConfidence: 1}]",
            "  verify: [{message: hi, intent: a, minConfidence: 1.5}]",
            "  verify: [{message: hi, intent: a, minConfidence: high}]",
            "  verify: [{message: hi, intent: a, entities: {x: y}, minEntityAccuracy: 0.5}]",
            "  verify: [{message: hi, intent: a, minEntityAccuracy: 0.5}]",
            "  verify: [{message: hi, intent: a, entities: [x]}]",
            "  verify: [{message: hi, intent: a, entities: {x: [y]}}]",
            "  verify: [{message: hi, intent: a, attempts: 9, require: 9}]",
            "  verify: [{message: hi, intent: a, attempts: 10}]", "  verify: [{message: hi, intent: a, attempts: 0}]",
            "  verify: [{message: \"two\\nlines\", intent: a}]", "  verify: [{message: \"bell\\a\", intent: a}]",
            "  verify: [{message: hi, intent: \"a\\nb\"}]",
            "  verify: [" + Array(repeating: "{message: hi, intent: a}", count: 21).joined(separator: ", ") + "]",
            "  verify: [{message: hi, intent: a, maxLatency: 2s}]",
            "  verify: [{message: hi, intent: a, maxLatency: 2}]",
        ]
        let versions = [
            "1.10", "v_1", "'x'", "\" x\"", "\"x \"", "\"x\\n\"", "\"a\\u202Eb\"", "\"a\\u200Bb\"", "\"a b\"", "Ω",
            "true", "2026-01-01", "[a]", "{a: b}", "",
            "~", String(repeating: "x", count: 256), String(repeating: "x", count: 257), "\"a\\0b\"",
        ]
        let names = [
            "a", "A.b-9", "a_b", "a b", "ä", "''", String(repeating: "n", count: 63), String(repeating: "n", count: 64),
            "\"a\\n\"", "1.10", "[a]",
        ]
        let wholes = [
            fullManifest, "hello", "[]", "{}", "kind: BotVersion", fullManifest + "extra: 1\n",
            fullManifest.replacing("ballast/v1", with: "ballast/v2"), fullManifest.replacing("BotVersion", with: "Bot"),
            fullManifest.replacing("labels: {team: orders, tier: \"1\"}", with: "labels: {}"),
            fullManifest.replacing("labels: {team: orders, tier: \"1\"}", with: "labels: {a b: c}"),
            fullManifest.replacing("labels: {team: orders, tier: \"1\"}", with: "labels: {a: ''}"),
            fullManifest.replacing("labels: {team: orders, tier: \"1\"}", with: "labels: {a: 1}"),
            fullManifest.replacing("labels: {team: orders, tier: \"1\"}", with: "labels: [a]"),
        ]
        return wholes + additions.map { manifest(spec: $0) } + versions.map { manifest(version: $0) }
            + names.map { smallManifest.replacing("name: one", with: "name: \($0)") }
    }

    static var configurations: [String] {
        let additions = [
            "", "state: x", "state: ''", "state: [x]", "server: {port: 1}", "policy: {}", "policy: []",
            "policy: {require: {verify: true}}",
            "policy: {require: {verify: 1}}", "policy: {allow: [{path: a}]}", "policy: {allow: [{paths: a}]}",
            "policy: {defaults: {guards: {cooldown: 1m}}}",
            "policy: {defaults: {guards: {cooldown: soon}}}", "reconcile: {mode: alert}", "reconcile: {mode: none}",
            "reconcile: {maxBotsPerCommit: 5}",
            "reconcile: {maxBotsPerCommit: 0}", "reconcile: {haltAfterFailures: {failures: 1, within: 1m}}",
            "reconcile: {haltAfterFailures: {failures: 1}}",
            "notifications: []", "notifications: [{name: a, kind: webhook, url: https://a.example}]",
            "notifications: [{name: a, kind: slack, url: https://a.example}]",
            "notifications: [{name: a, kind: slack}]",
            "notifications: [{name: a, kind: teams, url: https://a.example}]",
            "notifications: [{name: a, kind: slack, url: {file: x}, token: {file: x}}]",
            "notifications: [{name: a, kind: pagerduty}]",
            "notifications: [{name: a, kind: pagerduty, token: {file: x}}]",
            "notifications: [{name: a, kind: pagerduty, tokens: [{file: x}, {env: Y}]}]",
            "notifications: [{name: a, kind: pagerduty, token: {file: x}, tokens: [{file: x}]}]",
            "notifications: [{name: a, kind: pagerduty, token: {file: x}, repository: team/bots}]",
            "notifications: [{name: a, kind: cdevents, url: https://a.example, mode: binary, version: 0.4}]",
            "notifications: [{name: a, kind: cdevents, url: https://a.example, mode: structured, version: '0.5'}]",
            "notifications: [{name: a, kind: cdevents, url: https://a.example, version: 0.6}]",
            "notifications: [{name: a, kind: cdevents, url: https://a.example, mode: batched}]",
            "notifications: [{name: a, kind: cdevents, mode: binary}]",
            "notifications: [{name: a, kind: webhook, url: https://a.example, mode: binary}]",
            "notifications: [{name: a, kind: github-status, repository: team/bots, token: {file: x}}]",
            "notifications: [{name: a, kind: github-status, repository: team/bots}]",
            "notifications: [{name: a, kind: github-status, repository: team/bots, token: {file: x}, ref: main}]",
            "notifications: [{name: a, kind: gitlab-pipeline, repository: 42, token: {file: x}, ref: main}]",
            "notifications: [{name: a, kind: gitlab-status, url: https://a.example, repository: a/b, secret: {file: x}, token: {file: x}}]",
            "notifications: [{name: a, kind: webhook, url: {env: A}}]",
            "notifications: [{name: a, kind: webhook, url: {env: 'A B'}}]",
            "notifications: [{name: a, kind: webhook, url: {env: A, file: b}}]",
            "notifications: [{name: a, kind: webhook, url: {}}]",
            "notifications: [{name: a, kind: webhook, url: https://a.example, secret: {file: x}}]",
            "notifications: [{name: a, kind: webhook, url: https://a.example, secret: x}]",
            "notifications: [{name: a, kind: webhook, url: https://a.example, secrets: [{file: x}, {env: Y}]}]",
            "notifications: [{name: a, kind: webhook, url: https://a.example, secrets: []}]",
            "notifications: [{name: a, kind: webhook, url: https://a.example, secret: {file: x}, secrets: [{file: x}]}]",
            "notifications: [{name: a, kind: webhook, url: https://a.example, minSeverity: critical, events: [sink.*], labels: {a: b}, allowPrivate: true}]",
            "notifications: [{name: a, kind: webhook, url: https://a.example, minSeverity: loud}]",
            "audit: {file: a, required: true}",
            "audit: {rotate: {every: 1d}}", "audit: {rotate: {size: 1GiB}}", "audit: {rotate: {size: 5 MB}}",
            "audit: {rotate: {size: 100}}", "audit: {rotate: {size: -1 MiB}}", "audit: {rotate: {}}",
            "audit: {signingKey: {file: a}}",
            "audit: {signingKey: a}", "audit: {formerKeys: a.pem}", "audit: {formerKeys: {file: a}}",
            "audit: {notes: {ref: refs/notes/a, push: false}}", "logging: {level: debug, format: json}",
            "logging: {level: 3}", "extra: 1",
        ]
        let sources = [
            "{url: a, auth: {token: {file: a}}}", "{url: a, auth: {token: {file: a}, username: me}}",
            "{url: a, auth: {username: me}}", "{url: a, auth: {}}",
            "{url: a, auth: {ssh: {keyFile: a, knownHostsFile: b}}}", "{url: a, auth: {ssh: {keyFile: a}}}",
            "{url: a, interval: 1m}", "{url: a, interval: 60}",
            "{url: a, auth: {ssh: {keyFile: a, knownHostsFile: b}, username: me}}",
            "{url: a, auth: {ssh: {keyFile: a, knownHostsFile: b}, token: {env: A}}}",
            "{url: a, trust: {signatures: none, rewrites: accept}}", "{url: a, trust: {signatures: some}}",
            "{url: a, signingKey: {env: A}}", "{}", "a",
        ]
        let platforms = [
            "[]", "[{name: a, url: https://a.example, apiKey: {env: A}}]", "[{name: a, url: https://a.example}]",
            "[{name: a, kind: v2, url: https://a.example, apiKey: {env: A}}]",
            "[{name: a, url: https://a.example, oauth2: {tokenURL: https://b.example, clientId: c, clientSecret: {file: d}, scopes: [e]}}]",
            "[{name: a, url: https://a.example, oauth2: {tokenURL: https://b.example, clientId: c}}]",
            "[{name: a, url: https://a.example, apiKey: {env: A}, oauth2: {tokenURL: https://b.example, clientId: c, clientSecret: {file: d}}}]",
            "[{name: a, url: https://a.example, apiKeys: [{env: A}, {env: B}], rateLimit: {requests: 1, per: 1s}, maxConcurrentRequests: 1, timeout: 1s}]",
            "[{name: a, url: https://a.example, apiKey: {env: A}, rateLimit: {requests: 1}}]",
        ]
        return [fullConfiguration] + additions.map { smallConfiguration + $0 + "\n" }
            + sources.map { smallConfiguration.replacing("{url: https://git.example/bots.git}", with: $0) }
            + platforms.map { "source: {url: a}\nplatforms: \($0)\n" }
    }
}
