import Documents
import Domain

/// A manifest that uses every field.
let fullManifest = """
    apiVersion: ballast/v1
    kind: BotVersion
    metadata:
      name: order-support            # unique
      labels: {team: orders, tier: "1"}
    spec:
      platform: default
      botId: bot_12345
      environment: PRODUCTION
      version: v_67890               # the desired version
      fallbackVersion: v_60000
      mode: converge
      selfHeal: true
      suspend: false
      guards:
        maxActiveSessions: 3
        drainTimeout: 10m
        validateDependencies: true
        requirePublished: true
        requireEnvironmentMatch: true
        cooldown: 0s
        windows:
          - {kind: deny, schedule: "0 17 * * FRI", duration: 63h, timeZone: Europe/Berlin, allowRollback: true}
      verify:
        - message: I need help with my order
          intent: order_support
          minConfidence: 0.85
          entities: {product: order}
          minEntityAccuracy: 1.0
          maxLatency: 2s
          attempts: 3
          require: 2
      onFailure: failover

    """

let smallManifest = manifest()

func manifest(name: String = "one", spec: String = "", version: String = "v1") -> String {
    """
    apiVersion: ballast/v1
    kind: BotVersion
    metadata: {name: \(name)}
    spec:
      botId: bot_\(name)
      environment: PRODUCTION
      version: \(version)
    \(spec)
    """
}

func decode(_ text: String, platforms: [String] = ["default"], defaults: ManifestDefaults = .init()) -> DecodedFile {
    ManifestDecoder(policyDefaults: defaults, platforms: platforms, zones: SomeZones())
        .decode(file: Array(text.utf8), path: "bots/a.yaml")
}

/// `line:column message` of every problem.
func lines(_ problems: [Problem]) -> [String] { problems.map { "\($0.line):\($0.column) \($0.message)" } }

struct SomeZones: TimeZones {
    func exists(_ name: String) -> Bool { name == "UTC" || name == "Europe/Berlin" }
    func offsetSeconds(of zone: String, at time: Timestamp) -> Int { 0 }
}

/// A small generator with a seed, so that a failure can be seen again.
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
