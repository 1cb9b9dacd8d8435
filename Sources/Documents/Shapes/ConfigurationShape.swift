import Domain

/// The description of `ballast.yaml`: what this release has of it.
enum ConfigurationShape {
    static let document = ObjectShape(
        title: "the configuration",
        fields: [
            Field("source", .object(source), required: true, "The repository that is watched."),
            Field("platforms", .list(.object(platform), sizes: 1...64), required: true, "The bot platforms."),
            Field("policy", .object(PolicyShape.policy), "What holds for every manifest; it can only tighten them."),
            Field("reconcile", .object(reconcile), "How rollouts are made."),
            Field("notifications", .list(.object(SinkShape.sink), sizes: 0...64), "Where events are sent."),
            Field("audit", .object(audit), "The record of what was done."),
            Field("state", .text(.line), "An SQLite file; ballast.db without it."),
            Field("logging", .object(logging), "What is logged, and how."),
            Field("server", .object(ServerShape.server), "What `ballast serve` answers, and to whom."),
        ])

    static let source = ObjectShape(
        title: "source",
        fields: [
            Field("url", .text(.line), required: true, "https, ssh, git, file, a path, or a scp-like address."),
            Field("caFile", .text(.line), "PEM file of certificates to trust."),
            Field("branch", .text(.id), "main without it."),
            Field("path", .text(.line), "Only manifests below this folder."),
            Field("interval", .duration(.seconds(1) ... .days(7)), "How often to look; 1m without it."),
            Field("timeout", .duration(.seconds(1) ... .hours(1)), "For one look at the remote; 60s without it."),
            Field(
                "transferTimeout", .duration(.seconds(1) ... .days(1)),
                "For a transfer that makes progress; 30m without it."),
            Field("auth", .object(auth), "How to sign in to the remote."),
            Field("trust", .object(trust), "Which commits may change anything."),
            Field("signingKey", .secret, "An OpenSSH key for commits that are made here."),
        ])

    static let auth = ObjectShape(
        title: "auth",
        fields: [
            Field("ssh", .object(ssh), "A key, for ssh."),
            Field("token", .secret, "A token, for https."),
            Field("username", .text(.id), "With a token; git without it."),
        ],
        alternatives: [.init(names: ["ssh", "token"]), .init(names: ["ssh", "username"], isOptional: true)])

    static let ssh = ObjectShape(
        title: "ssh",
        fields: [
            Field("keyFile", .text(.line), required: true, "The private key."),
            Field("knownHostsFile", .text(.line), required: true, "The hosts that are trusted."),
        ])

    static let trust = ObjectShape(
        title: "trust",
        fields: [
            Field(
                "signatures", .choice(of: SourceSettings.Trust.Signatures.self), "require: only signed commits count."),
            Field("allowedSigners", .text(.line), "OpenSSH's format."),
            Field("gpgKeys", .text(.line), "OpenPGP public keys."),
            Field("rewrites", .choice(of: SourceSettings.Trust.Rewrites.self), "What a rewritten branch gets."),
        ])

    static let platform = ObjectShape(
        title: "a platform",
        fields: [
            Field("name", .text(.name), required: true, "As manifests name it."),
            Field("kind", .choice(["v1"], elsewhere: ["cognigy"]), "v1 without it."),
            Field("url", .text(.line), required: true, "The API's base."),
            Field("caFile", .text(.line), "PEM file of certificates to trust."),
            Field("apiKey", .secret, "A bearer key."),
            Field("apiKeys", .list(.secret, sizes: 1...2), "Two keys, during a rotation."),
            Field("oauth2", .object(oauth2), "Client credentials."),
            Field("timeout", .duration(.milliseconds(100) ... .minutes(10)), "For one request; 30s without it."),
            Field("rateLimit", .object(rateLimit), "600 in 1m without it."),
            Field("maxConcurrentRequests", .integer(1...1024), "16 without it."),
        ],
        alternatives: [.init(names: ["apiKey", "apiKeys", "oauth2"])])

    static let oauth2 = ObjectShape(
        title: "oauth2",
        fields: [
            Field("tokenURL", .text(.line), required: true, "Where tokens are given out."),
            Field("clientId", .text(.id), required: true, "Who asks for one."),
            Field("clientSecret", .secret, "With what."),
            Field("clientSecrets", .list(.secret, sizes: 1...2), "Two secrets, during a rotation."),
            Field("scopes", .list(.text(.id), sizes: 0...32), "What is asked for."),
        ],
        alternatives: [.init(names: ["clientSecret", "clientSecrets"])])

    static let rateLimit = ObjectShape(
        title: "rateLimit",
        fields: [
            Field("requests", .integer(1...1_000_000), required: true, "So many at most"),
            Field("per", .duration(.seconds(1) ... .days(1)), required: true, "in any span of this length."),
        ])

    static let reconcile = ObjectShape(
        title: "reconcile",
        fields: [
            Field("mode", .choice(of: Manifest.Mode.self), "alert: nothing is touched."),
            Field("interval", .duration(.seconds(1) ... .days(7)), "Between full passes; 5m without it."),
            Field("maxConcurrentRollouts", .integer(1...1024), "16 without it."),
            Field("maxBotsPerCommit", .integer(1...SourceLimits.maxManifests), "50 without it."),
            Field(
                "driftThreshold", .integer(1...1000), "Observations in a row before drift is announced; 1 without it."),
            Field("repeatInterval", .duration(.minutes(1) ... .days(30)), "4h without it."),
            Field("haltAfterFailures", .object(halt), "3 within 15m without it."),
            Field("rolloutTimeout", .duration(.seconds(1) ... .days(1)), "30m without it."),
            Field("verifyTimeout", .duration(.seconds(1) ... .days(1)), "5m without it."),
            Field("contest", .duration(.zero ... .days(30)), "1h without it."),
        ])

    static let halt = ObjectShape(
        title: "haltAfterFailures",
        fields: [
            Field("failures", .integer(1...SourceLimits.maxManifests), required: true, "So many different bots"),
            Field("within", .duration(.seconds(1) ... .days(30)), required: true, "within this time."),
        ])

    static let audit = ObjectShape(
        title: "audit",
        fields: [
            Field("file", .text(.line), "audit.jsonl without it."),
            Field("required", .flag, "True: no rollout starts while the file can't be written."),
            Field("notes", .object(notes), "Git notes on the commits that asked for a change."),
            Field("signingKey", .secret, "An Ed25519 key (PKCS#8 PEM) that signs every record."),
            Field("formerKeys", .text(.line), "PEM file: public keys that signed before, in the order of their use."),
            Field("rotate", .object(rotate), "When the file is closed and the next one begun; at 100 MiB without it."),
        ])

    static let rotate = ObjectShape(
        title: "rotate",
        fields: [
            Field("size", .size(.kibibytes(16) ... .mebibytes(1 << 20)), "A file does not grow beyond it."),
            Field("every", .duration(.minutes(1) ... .days(3660)), "A record so much later begins a new file."),
        ])

    static let notes = ObjectShape(
        title: "notes",
        fields: [
            Field("ref", .text(.id), "refs/notes/ballast without it."),
            Field("push", .flag, "False: they stay in the local copy."),
        ])

    static let logging = ObjectShape(
        title: "logging",
        fields: [
            Field("level", .choice(of: LoggingSettings.Level.self), "info without it."),
            Field("format", .choice(of: LoggingSettings.Format.self), "text without it."),
        ])
}
