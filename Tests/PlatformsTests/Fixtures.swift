import Domain
import Exchange
import Platforms
import Support
import Synchronization

/// Secrets whose values the test sets.
final class FakeSecrets: Secrets {
    private let values: Mutex<[String: String]>

    init(_ values: [String: String]) { self.values = Mutex(values) }

    func set(_ name: String, _ value: String?) { values.withLock { $0[name] = value } }

    func read(_ reference: SecretReference) throws(SecretProblem) -> Secret {
        guard case .environment(let name) = reference, let value = values.withLock({ $0[name] }) else {
            throw SecretProblem(.absent, "The variable is not set.")
        }
        return Secret(value)
    }
}

extension Clocks {
    init(_ clock: ManualClock) {
        self.init(
            wall: { clock.now.wall }, elapsed: { Span(milliseconds: clock.now.tick.milliseconds) })
    }
}

let keyReferences = [SecretReference.environment(name: "ONE"), .environment(name: "TWO")]

/// What a test wants otherwise.
struct Change {
    let make: (inout PlatformSettings) -> Void

    init(_ make: @escaping (inout PlatformSettings) -> Void) { self.make = make }
}

/// A platform for the length of one test.
func withPlatform<Result: Sendable>(
    _ server: RawServer, secrets: FakeSecrets = FakeSecrets(["ONE": "key-one"]), clock: ManualClock = ManualClock(),
    change: Change? = nil, _ body: @Sendable (any Platform) async throws -> Result
) async throws -> Result {
    var settings = PlatformSettings(name: "main", url: "\(server.url)/", credential: .apiKey(keyReferences))
    change?.make(&settings)
    let connections = Connections()
    let platform = try PlatformFactory.make(
        settings, secrets: secrets, connections: connections, clocks: Clocks(clock))
    let outcome: Swift.Result<Result, any Error>
    do {
        outcome = .success(try await body(platform))
    } catch {
        outcome = .failure(error)
    }
    await connections.shutdown()
    return try outcome.get()
}

func failed(_ exchange: PlatformExchange) -> PlatformFailure? {
    if case .failure(let failure) = exchange.result { failure } else { nil }
}

func answered(_ exchange: PlatformExchange) -> PlatformAnswer? {
    if case .success(let answer) = exchange.result { answer } else { nil }
}

extension PlatformRequest {
    static let deployment = PlatformRequest.deploy(
        DeploymentRequest(
            botId: "bot", targetVersion: "v2", environment: "P", direction: .deployment, validateDependencies: true,
            idempotencyKey: "key-7"))
    static let sessions = PlatformRequest.sessions(botId: "bot", environment: "P", page: 1)
}
