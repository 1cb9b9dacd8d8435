import Domain

/// Builds a configuration from a reading whose shape is right, and judges what no shape can say.
struct ConfigurationBuilder {
    let folder: String
    let zones: (any TimeZones)?
    var faults: [ShapeChecker.Fault] = []

    init(folder: String, zones: (any TimeZones)?) {
        self.folder = folder
        self.zones = zones
    }

    /// Nil where a fault leaves nothing to build.
    mutating func configuration(_ document: Reading) -> Configuration? {
        guard let sourceReading = document["source"] else { return nil }
        var configuration = Configuration(
            source: source(sourceReading), platforms: (document["platforms"]?.items ?? []).map { platform($0) },
            audit: audit(document["audit"]), state: absolute(document["state"]?.text ?? "ballast.db"))
        if let policy = document["policy"] { configuration.policy = self.policy(policy) }
        if let reconcile = document["reconcile"] { configuration.reconcile = self.reconcile(reconcile) }
        configuration.notifications = (document["notifications"]?.items ?? []).map {
            sink($0, of: configuration.source)
        }
        if let logging = document["logging"] {
            configuration.logging.level = logging["level"]?.choice(LoggingSettings.Level.self) ?? .info
            configuration.logging.format = logging["format"]?.choice(LoggingSettings.Format.self) ?? .text
        }
        if let server = document["server"] { configuration.server = self.server(server) }
        refuseRepeatedNames(document["platforms"]?.items ?? [], "platform")
        refuseRepeatedNames(document["notifications"]?.items ?? [], "notification")
        return configuration
    }

    mutating func refuseRepeatedNames(_ items: [Reading], _ what: String) {
        var seen: Set<String> = []
        for item in items {
            guard let name = item["name"], let text = name.text, !seen.insert(text).inserted else { continue }
            fault(name, "there are two of the name `\(text)`; each \(what) needs a name of its own")
        }
    }

    private func audit(_ reading: Reading?) -> AuditSettings {
        var settings = AuditSettings(file: absolute(reading?["file"]?.text ?? "audit.jsonl"))
        settings.required = reading?["required"]?.flag ?? settings.required
        settings.notesRef = reading?["notes"]?["ref"]?.text ?? settings.notesRef
        settings.pushNotes = reading?["notes"]?["push"]?.flag ?? settings.pushNotes
        if let rotate = reading?["rotate"] {
            settings.rotate = AuditSettings.Rotation(
                size: rotate["size"]?.integer.map { ByteSize(bytes: Int64($0)) }, every: rotate["every"]?.duration)
        }
        settings.signingKey = reading?["signingKey"]?.secret.map(absolute)
        settings.formerKeys = reading?["formerKeys"]?.text.map(absolute)
        return settings
    }

    private func reconcile(_ reading: Reading) -> ReconcileSettings {
        var settings = ReconcileSettings()
        settings.mode = reading["mode"]?.choice(Manifest.Mode.self) ?? settings.mode
        settings.interval = reading["interval"]?.duration ?? settings.interval
        settings.maxConcurrentRollouts = reading["maxConcurrentRollouts"]?.integer ?? settings.maxConcurrentRollouts
        settings.maxBotsPerCommit = reading["maxBotsPerCommit"]?.integer ?? settings.maxBotsPerCommit
        settings.driftThreshold = reading["driftThreshold"]?.integer ?? settings.driftThreshold
        settings.repeatInterval = reading["repeatInterval"]?.duration ?? settings.repeatInterval
        settings.haltFailures = reading["haltAfterFailures"]?["failures"]?.integer ?? settings.haltFailures
        settings.haltWithin = reading["haltAfterFailures"]?["within"]?.duration ?? settings.haltWithin
        settings.rolloutTimeout = reading["rolloutTimeout"]?.duration ?? settings.rolloutTimeout
        settings.verifyTimeout = reading["verifyTimeout"]?.duration ?? settings.verifyTimeout
        settings.contest = reading["contest"]?.duration ?? settings.contest
        return settings
    }

    private mutating func policy(_ reading: Reading) -> Policy {
        var policy = Policy()
        if let defaults = reading["defaults"] {
            if let guards = defaults["guards"] {
                policy.defaults = GuardsBuilder.defaults(guards, zones: zones, &faults)
            }
            policy.defaults.mode = defaults["mode"]?.choice(Manifest.Mode.self)
            policy.defaults.selfHeal = defaults["selfHeal"]?.flag
            policy.defaults.onFailure = defaults["onFailure"]?.choice(Manifest.OnFailure.self)
        }
        if let windows = reading["windows"] { policy.windows = GuardsBuilder.windows(windows, zones: zones, &faults) }
        if let require = reading["require"] {
            policy.require.verify = require["verify"]?.flag ?? false
            policy.require.validateDependencies = require["validateDependencies"]?.flag ?? false
            policy.require.requirePublished = require["requirePublished"]?.flag ?? false
            policy.require.requireEnvironmentMatch = require["requireEnvironmentMatch"]?.flag ?? false
            policy.require.maxActiveSessionsAtMost = require["maxActiveSessionsAtMost"]?.integer
        }
        policy.allow = reading["allow"]?.items.map { entry in
            Policy.Allow(
                path: entry["path"]?.text ?? "", platforms: ids(entry["platforms"]),
                environments: ids(entry["environments"]), bots: ids(entry["bots"]))
        }
        return policy
    }

    private func ids(_ reading: Reading?) -> [String]? { reading?.items.compactMap(\.text) }

    mutating func fault(_ reading: Reading, _ message: String) {
        faults.append(ShapeChecker.Fault(node: reading.node, message: message))
    }

    /// Relative paths are relative to the folder of the file.
    func absolute(_ path: String) -> String {
        if path.hasPrefix("/") { return path }
        let tail = path.hasPrefix("./") ? String(path.dropFirst(2)) : path
        return folder == "/" ? "/\(tail)" : "\(folder)/\(tail)"
    }

    func absolute(_ secret: SecretReference) -> SecretReference {
        if case .file(let path) = secret { .file(path: absolute(path)) } else { secret }
    }

    /// One secret, or those of a rotation.
    func secrets(_ reading: Reading, _ one: String, _ several: String) -> [SecretReference] {
        let found = reading[one].map { [$0] } ?? reading[several]?.items ?? []
        return found.compactMap { $0.secret.map(absolute) }
    }
}
