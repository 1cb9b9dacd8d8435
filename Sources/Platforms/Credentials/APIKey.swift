import Domain
import Exchange

/// A long-lived key, sent as a bearer token; read before every request, so that a changed file counts at once.
actor APIKey: Credential {
    private let keys: SecretList
    private let platform: String
    private var preference = Preference()
    private var known: [String] = []

    init(_ keys: SecretList, platform: String) {
        self.keys = keys
        self.platform = platform
    }

    var secrets: [String] { known }

    func authorization(renew: Bool, timeout: Span) async -> Result<String, PlatformFailure> {
        let values: [String]
        do {
            values = try await keys.read()
        } catch {
            return .failure(
                PlatformFailure(.unauthorized, "The API key of platform \(platform) cannot be read: \(describe(error))")
            )
        }
        known = values
        guard let key = preference.choice(among: values), isHeaderSafe(key) else {
            return .failure(
                PlatformFailure(
                    .unauthorized,
                    "The API key of platform \(platform) is empty or holds characters that a header cannot carry."))
        }
        return .success("Bearer \(key)")
    }

    func reject(_ authorization: String) { preference.refuse(String(authorization.dropFirst("Bearer ".count))) }
}

/// An error of the secrets port in words; it never holds a secret, but is cleaned all the same.
func describe(_ error: any Error) -> String { UntrustedText.cleaned("\(error)") }
