/// `ballast.yaml` after reading, defaults applied, paths absolute (`product/configuration.md`).
package struct Configuration: Hashable, Sendable {
    package var source: SourceSettings
    package var platforms: [PlatformSettings]
    package var policy = Policy()
    package var reconcile = ReconcileSettings()
    package var notifications: [SinkSettings] = []
    package var audit: AuditSettings
    /// Absolute path of the SQLite file.
    package var state: String
    package var logging = LoggingSettings()
    package var server = ServerSettings()

    package init(source: SourceSettings, platforms: [PlatformSettings], audit: AuditSettings, state: String) {
        self.source = source
        self.platforms = platforms
        self.audit = audit
        self.state = state
    }
}

/// Where a secret is; its value is read by the secrets port and never stands in a configuration.
package enum SecretReference: Hashable, Sendable {
    case file(path: String)
    case environment(name: String)
}

package struct SourceSettings: Hashable, Sendable {
    package enum Auth: Hashable, Sendable {
        case ssh(keyFile: String, knownHostsFile: String)
        case token(SecretReference, username: String)
    }

    package struct Trust: Hashable, Sendable {
        package enum Signatures: String, Hashable, Sendable, CaseIterable { case none, require }
        package enum Rewrites: String, Hashable, Sendable, CaseIterable { case refuse, accept }
        package var signatures = Signatures.none
        package var allowedSigners: String?
        package var gpgKeys: String?
        package var rewrites = Rewrites.refuse

        package init() {}
    }

    package var url: String
    package var caFile: String?
    package var branch = "main"
    /// Only below this folder; empty means the whole tree. No leading or trailing slash.
    package var path = ""
    package var interval = Span.minutes(1)
    package var timeout = Span.seconds(60)
    package var transferTimeout = Span.minutes(30)
    package var auth: Auth?
    package var trust = Trust()
    package var signingKey: SecretReference?

    package init(url: String) { self.url = url }
}

package struct PlatformSettings: Hashable, Sendable {
    package enum Credential: Hashable, Sendable {
        case apiKey([SecretReference])
        case oauth2(tokenURL: String, clientId: String, clientSecret: [SecretReference], scopes: [String])
    }

    package struct RateLimit: Hashable, Sendable {
        package var requests: Int
        package var per: Span
        package init(requests: Int, per: Span) {
            self.requests = requests
            self.per = per
        }
    }

    package var name: String
    package var kind = "v1"
    package var url: String
    package var caFile: String?
    package var credential: Credential
    package var timeout = Span.seconds(30)
    package var rateLimit = RateLimit(requests: 600, per: .minutes(1))
    package var maxConcurrentRequests = 16

    package init(name: String, url: String, credential: Credential) {
        self.name = name
        self.url = url
        self.credential = credential
    }
}

/// What holds for every manifest; it can only tighten them.
package struct Policy: Hashable, Sendable {
    package struct Allow: Hashable, Sendable {
        package var path: String
        package var platforms: [String]?
        package var environments: [String]?
        package var bots: [String]?
        package init(path: String, platforms: [String]? = nil, environments: [String]? = nil, bots: [String]? = nil) {
            self.path = path
            self.platforms = platforms
            self.environments = environments
            self.bots = bots
        }
    }

    package struct Require: Hashable, Sendable {
        package var verify = false
        package var validateDependencies = false
        package var requirePublished = false
        package var requireEnvironmentMatch = false
        package var maxActiveSessionsAtMost: Int?
        package init() {}
    }

    package var defaults = ManifestDefaults()
    package var windows: [Window] = []
    package var require = Require()
    /// `nil`: every folder may name every bot.
    package var allow: [Allow]?

    package init() {}
}

package struct ReconcileSettings: Hashable, Sendable {
    package var mode = Manifest.Mode.converge
    package var interval = Span.minutes(5)
    package var maxConcurrentRollouts = 16
    package var maxBotsPerCommit = 50
    package var driftThreshold = 1
    package var repeatInterval = Span.hours(4)
    package var haltFailures = 3
    package var haltWithin = Span.minutes(15)
    package var rolloutTimeout = Span.minutes(30)
    package var verifyTimeout = Span.minutes(5)
    package var contest = Span.hours(1)

    package init() {}
}

package struct AuditSettings: Hashable, Sendable {
    /// When the log's file is closed and the next one begun: by size, by age, by both, or never.
    package struct Rotation: Hashable, Sendable {
        /// A file does not grow beyond it.
        package var size: ByteSize? = .mebibytes(100)
        /// A record that is so much later than the first one of the file begins a new one.
        package var every: Span?

        package init() {}

        package init(size: ByteSize?, every: Span?) {
            self.size = size
            self.every = every
        }
    }

    /// Absolute path of the JSONL file.
    package var file: String
    /// No rollout starts while a record cannot be written to the file.
    package var required = false
    package var notesRef = "refs/notes/ballast"
    package var pushNotes = true
    /// Signs every record; an Ed25519 key in PEM.
    package var signingKey: SecretReference?
    package var rotate = Rotation()
    /// Absolute path of a PEM file: the public halves of the keys that signed before, in the order of their use.
    package var formerKeys: String?

    package init(file: String) { self.file = file }
}

package struct LoggingSettings: Hashable, Sendable {
    package enum Level: String, Hashable, Sendable, CaseIterable { case trace, debug, info, notice, warning, error }
    package enum Format: String, Hashable, Sendable, CaseIterable { case text, json }
    package var level = Level.info
    package var format = Format.text
    package init() {}
}
