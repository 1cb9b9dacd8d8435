import Documents
import Domain

/// A configuration that uses every field of this release.
let fullConfiguration = """
    source:
      url: ssh://git@git.example/bots.git
      caFile: ca.pem
      branch: release/1
      path: bots/
      interval: 2m
      timeout: 10s
      transferTimeout: 1h
      auth:
        ssh: {keyFile: /run/keys/id_ed25519, knownHostsFile: keys/known_hosts}
      trust:
        signatures: require
        allowedSigners: allowed_signers
        gpgKeys: /etc/ballast/keys.asc
        rewrites: accept
      signingKey: {file: signing}
    platforms:
      - name: default
        kind: v1
        url: https://tenant.example
        apiKey: {env: BALLAST_API_KEY}
        timeout: 5s
        rateLimit: {requests: 10, per: 1s}
        maxConcurrentRequests: 4
      - name: second
        url: http://127.0.0.1:8080/base
        caFile: /etc/ca.pem
        oauth2: {tokenURL: "https://id.example/token", clientId: me, clientSecret: {file: ./secret}, scopes: [a, b]}
    policy:
      defaults: {guards: {cooldown: 1m, windows: []}, onFailure: hold, mode: alert, selfHeal: false}
      windows: [{kind: deny, schedule: "0 17 * * FRI", duration: 63h, timeZone: Europe/Berlin, allowRollback: true}]
      require: {verify: true, validateDependencies: true, requirePublished: true, maxActiveSessionsAtMost: 10}
      allow: [{path: teams/orders/**, platforms: [default], environments: [PRODUCTION], bots: ["bot_1*"]}]
    reconcile:
      mode: alert
      interval: 6m
      maxConcurrentRollouts: 2
      maxBotsPerCommit: 3
      driftThreshold: 4
      repeatInterval: 5h
      haltAfterFailures: {failures: 6, within: 7m}
      rolloutTimeout: 8m
      verifyTimeout: 9m
      contest: 10m
    notifications:
      - name: pipeline
        kind: webhook
        url: https://hooks.example.com/ci-cd?x=1
        secrets: [{file: a}, {env: HOOK}]
        events: [rollout.*, drift.*]
        labels: {team: orders}
        minSeverity: error
        allowPrivate: true
      - {name: other, kind: webhook, url: {env: SINK_URL}, secret: {file: /s}}
      - name: forge
        kind: gitlab-pipeline
        url: https://gitlab.example/api/v4
        repository: team/sub/bots
        tokens: [{file: new}, {file: old}]
        ref: deploy
      - {name: bus, kind: cdevents, url: https://bus.example/in, mode: binary, version: "0.4", secret: {file: s}}
      - {name: duty, kind: pagerduty, token: {file: routing}}
    audit:
      file: log/audit.jsonl
      required: true
      notes: {ref: refs/notes/other, push: false}
      signingKey: {file: audit-key}
      formerKeys: former.pem
      rotate: {size: 64 KiB, every: 1d}
    state: /var/lib/ballast.db
    logging: {level: debug, format: json}

    """

let smallConfiguration = """
    source: {url: https://git.example/bots.git}
    platforms:
      - {name: default, url: https://tenant.example, apiKey: {env: KEY}}

    """

func load(_ text: String, _ environment: [String: String] = [:]) -> Result<Configuration, Problems> {
    ConfigurationLoader.load(
        bytes: Array(text.utf8), path: "/etc/ballast/ballast.yaml", environment: environment, zones: SomeZones())
}

func configurationProblems(_ text: String, _ environment: [String: String] = [:]) -> [String] {
    if case .failure(let problems) = load(text, environment) { lines(problems.all) } else { [] }
}
