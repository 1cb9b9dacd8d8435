import Domain
import Exchange

/// OAuth2 client credentials: a token is fetched when the first request needs it, kept, and fetched anew some time before
/// it expires or after a 401. However many requests wait for it, one fetch is made; the one that found it missing makes it.
actor OAuth2: Credential {
    /// For a renewal that could still wait.
    static let maxEarlyFetch = Span.seconds(5)

    private let endpoint: TokenEndpoint
    private let clocks: Clocks
    private let secretList: SecretList
    private let platform: String
    private var preference = Preference()
    private var known: [String] = []
    private var token: Token?
    private var lastRefused: String?
    private var isFetching = false
    /// Bounded by the requests in flight, which the engine bounds.
    private var waiting: [CheckedContinuation<Result<String, PlatformFailure>?, Never>] = []

    init(_ endpoint: TokenEndpoint, secrets: SecretList, platform: String, clocks: Clocks) {
        self.endpoint = endpoint
        self.secretList = secrets
        self.platform = platform
        self.clocks = clocks
    }

    var secrets: [String] { known + endpoint.derived(known) + (token.map { [$0.value] } ?? []) }

    func authorization(renew: Bool, timeout: Span) async -> Result<String, PlatformFailure> {
        var mustRenew = renew
        while true {
            if let token, isUsable(token, renew: mustRenew) { return .success("Bearer \(token.value)") }
            if !isFetching { return await fetch(timeout: timeout) }
            // Another request fetches: its result is ours too. Only where it was cancelled do we look again.
            if let result = await withCheckedContinuation({ waiting.append($0) }) { return result }
            mustRenew = false
        }
    }

    func reject(_ authorization: String) {
        let value = String(authorization.dropFirst("Bearer ".count))
        lastRefused = value
        if token?.value == value { token = nil }
    }

    /// After a 401 another request may have renewed the token already; that one is as new as can be.
    private func isUsable(_ token: Token, renew: Bool) -> Bool {
        guard clocks.elapsed() < token.renewAt else { return false }
        return !renew || (lastRefused != nil && lastRefused != token.value)
    }

    private func fetch(timeout: Span) async -> Result<String, PlatformFailure> {
        isFetching = true
        var result = await fetchToken(timeout: standby() == nil ? timeout : min(timeout, OAuth2.maxEarlyFetch))
        isFetching = false
        if case .failure = result, let standby = standby() { result = .success("Bearer \(standby.value)") }
        let resumed = waiting
        waiting = []
        for continuation in resumed { continuation.resume(returning: Task.isCancelled ? nil : result) }
        return result
    }

    /// A token that should be renewed, but still holds: it serves on while the token endpoint is away.
    private func standby() -> Token? {
        guard let token, clocks.elapsed() < token.expiresAt, token.value != lastRefused else { return nil }
        return token
    }

    private func fetchToken(timeout: Span) async -> Result<String, PlatformFailure> {
        let values: [String]
        do {
            values = try await secretList.read()
        } catch {
            return .failure(
                PlatformFailure(
                    .unauthorized, "The client secret of platform \(platform) cannot be read: \(describe(error))"))
        }
        known = values
        guard let secret = preference.choice(among: values), !secret.isEmpty else {
            return .failure(PlatformFailure(.unauthorized, "The client secret of platform \(platform) is empty."))
        }
        // The age counts from before the request: on the safe side by as long as the answer takes.
        let asked = clocks.elapsed()
        switch await endpoint.fetch(secret: secret, timeout: timeout, wall: clocks.wall()) {
        case .success(let grant):
            let fresh = Token(grant, askedAt: asked)
            token = fresh
            return .success("Bearer \(fresh.value)")
        case .failure(let failure):
            if failure.kind == .unauthorized { preference.refuse(secret) }
            return .failure(failure)
        }
    }
}

/// A token in use.
struct Token: Sendable {
    /// A token is renewed this long before it expires, or after nine tenths of its life where that is later.
    static let maxMargin = Span.minutes(1)

    var value: String
    /// On the clock `Clocks.elapsed`.
    var renewAt: Span
    var expiresAt: Span

    init(_ grant: TokenEndpoint.Grant, askedAt: Span) {
        value = grant.token
        let life = grant.life.milliseconds
        let margin = min(Token.maxMargin.milliseconds, life / 10)
        renewAt = Span(milliseconds: askedAt.milliseconds + life - margin)
        expiresAt = Span(milliseconds: askedAt.milliseconds + life)
    }
}
