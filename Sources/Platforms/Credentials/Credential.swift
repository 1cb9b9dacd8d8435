import Domain

/// How a platform knows us. One request carries one authorization; whether another is tried, the engine decides.
protocol Credential: Sendable {
    /// The value of the `Authorization` header.
    /// - Parameters:
    ///   - renew: what was cached is not good enough: read or fetched anew.
    ///   - timeout: what is left for everything that has to be done for it.
    func authorization(renew: Bool, timeout: Span) async -> Result<String, PlatformFailure>
    /// The platform answered 401 to this authorization.
    func reject(_ authorization: String) async
    /// Everything that must not appear in a message.
    var secrets: [String] { get async }
}

/// Which of several values is used: the first that was not refused, the first of all where every one was. So a standby
/// takes over during a rotation, a key that is new in its file is tried at once, and requests that are refused together do
/// not switch to and fro.
struct Preference: Sendable {
    private var refused: Set<String> = []

    mutating func choice(among values: [String]) -> String? {
        refused.formIntersection(values)
        if values.allSatisfy({ refused.contains($0) }) { refused = [] }
        return values.first { !refused.contains($0) }
    }

    mutating func refuse(_ value: String) { refused.insert(value) }
}

/// Bytes of the longest key or token.
let maxCredentialBytes = 16_384

/// A header carries visible ASCII only; anything else in a key is a mistake in its file.
func isHeaderSafe(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= maxCredentialBytes && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
}
