import Domain
import Foundation

/// One provider's way of signing and of saying what was pushed. Header names in lower case.
protocol HookProvider: Sendable {
    /// - Parameter nowSeconds: since 1970, for signatures that hold for a while only.
    func isAuthentic(_ headers: HookHeaders, _ body: Data, _ key: HookKey, nowSeconds: Int64) -> Bool
    /// Answered before any signature is looked at, because the provider signs it never.
    func isUnsignedPing(_ headers: HookHeaders) -> Bool
    /// - Throws: `HookFault` for a body that the provider would not send.
    func content(_ headers: HookHeaders, _ body: Data) throws -> HookContent
    /// What tells a delivery that comes twice.
    func deliveryID(_ headers: HookHeaders, _ body: Data) -> String?
}

extension HookProvider {
    func isUnsignedPing(_ headers: HookHeaders) -> Bool { false }
}

/// What the caller has to show.
struct HookKey: Sendable {
    var secrets: [String]
    var username: String?
}

extension ServerSettings.Provider {
    var hook: any HookProvider {
        switch self {
        case .github: GitHubHook()
        case .gitlab: GitLabHook()
        case .gitea: GiteaHook()
        case .bitbucket: BitbucketHook()
        case .azure: AzureHook()
        case .generic: GenericHook()
        }
    }
}

enum HookJSON {
    static func decode<Shape: Decodable>(_ shape: Shape.Type, _ body: Data) throws(HookFault) -> Shape {
        let decoder = JSONDecoder()
        // Most providers write `clone_url`.
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            try JSONNesting.check(body)
            return try decoder.decode(shape, from: body)
        } catch let error as DecodingError {
            throw HookFault(message: "the body is not the provider's JSON: \(words(error))")
        } catch {
            throw HookFault(message: "the body is not the provider's JSON")
        }
    }

    /// All-zero ids stand for what is not there, whatever the hash.
    static func isNothing(_ id: String?) -> Bool {
        guard let id, !id.isEmpty else { return false }
        return id.allSatisfy { $0 == "0" }
    }

    private static func words(_ error: DecodingError) -> String {
        let path: [any CodingKey]
        switch error {
        case .keyNotFound(let key, let context): path = context.codingPath + [key]
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            path = context.codingPath
        @unknown default: path = []
        }
        let field = path.map(\.stringValue).joined(separator: ".")
        return field.isEmpty ? "it is no JSON" : "`\(UntrustedText.cleaned(field, maxCharacters: 80))`"
    }
}
