import Domain

/// Builds a manifest from a reading whose shape is right, and judges what no shape can say.
struct ManifestBuilder {
    let decoder: ManifestDecoder
    private(set) var faults: [ShapeChecker.Fault] = []

    init(decoder: ManifestDecoder) { self.decoder = decoder }

    mutating func manifest(_ document: Reading) -> Manifest {
        let name = document["metadata"]?["name"]?.text ?? ""
        let labels = document["metadata"]?["labels"]?.texts ?? [:]
        return Manifest(name: name, labels: labels, spec: spec(document["spec"] ?? document))
    }

    private mutating func spec(_ reading: Reading) -> Manifest.Spec {
        var spec = Manifest.Spec(
            platform: platform(reading), botId: reading["botId"]?.text ?? "",
            environment: reading["environment"]?.text ?? "", version: reading["version"]?.text ?? "")
        let defaults = decoder.defaults
        spec.fallbackVersion = reading["fallbackVersion"]?.text
        spec.mode = reading["mode"]?.choice(Manifest.Mode.self) ?? defaults.mode ?? spec.mode
        spec.selfHeal = reading["selfHeal"]?.flag ?? defaults.selfHeal ?? spec.selfHeal
        spec.suspend = reading["suspend"]?.flag ?? spec.suspend
        spec.onFailure = reading["onFailure"]?.choice(Manifest.OnFailure.self) ?? defaults.onFailure ?? spec.onFailure
        var given = defaults
        if let guards = reading["guards"] {
            given.overlay(with: GuardsBuilder.defaults(guards, zones: decoder.zones, &faults))
        }
        spec.guards = given.guards
        spec.verify = reading["verify"]?.items.map { verifyCase($0) } ?? []
        return spec
    }

    private mutating func platform(_ spec: Reading) -> String {
        if let platform = spec["platform"], let name = platform.text {
            if !decoder.platforms.isEmpty, !decoder.platforms.contains(name) {
                let suggestion = Suggestion.sentence(for: name, among: decoder.platforms)
                fault(platform.node, "`spec.platform`: the configuration has no platform `\(name)`\(suggestion)")
            }
            return name
        }
        if let implied = decoder.impliedPlatform { return implied }
        let names = decoder.platforms.prefix(12).map { "`\($0)`" }.joined(separator: ", ")
        fault(
            spec.node,
            "missing field `spec.platform`: the configuration has several platforms (\(names)) and none is named `default`"
        )
        return ""
    }

    private mutating func verifyCase(_ reading: Reading) -> VerifyCase {
        let attempts = reading["attempts"]?.integer ?? 1
        let require = reading["require"]?.integer ?? attempts / 2 + 1
        if require > attempts, let given = reading["require"] {
            fault(given.node, "`require` is \(require), more than `attempts`, which is \(attempts)")
        }
        if let accuracy = reading["minEntityAccuracy"], reading["entities"] == nil {
            fault(accuracy.node, "`minEntityAccuracy` needs `entities` to compare")
        }
        return VerifyCase(
            message: reading["message"]?.text ?? "", intent: reading["intent"]?.text ?? "",
            minConfidence: reading["minConfidence"]?.number ?? 0, entities: reading["entities"]?.texts ?? [:],
            minEntityAccuracy: reading["minEntityAccuracy"]?.number ?? 1, maxLatency: reading["maxLatency"]?.duration,
            attempts: attempts, require: require)
    }

    private mutating func fault(_ node: Node, _ message: String) {
        faults.append(ShapeChecker.Fault(node: node, message: message))
    }
}
