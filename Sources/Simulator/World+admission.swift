import Domain

/// What is decided about a request when it comes in.
struct Admission: Sendable {
    var ticket: Int
    /// The answer, where the request goes no further.
    var refusal: Answer?
    var fault: FaultAction?
    var latency: Span
}

extension World {
    /// Counts the request, holds it against the rate limit and finds the fault that hits it.
    mutating func admit(_ call: Call, now: Timestamp) -> Admission {
        var call = call
        if let job = call.jobId.flatMap(position(of:)) {
            call.botId = jobs[job].botId
            call.environment = jobs[job].environment
        }
        let record = RequestRecord(
            operation: call.operation, botId: call.botId, environment: call.environment,
            idempotencyKey: call.idempotencyKey, at: now)
        var admission = Admission(
            ticket: log.begin(record, span: options.spanToMeasure), latency: options.latency)
        if let refusal = limit(now: now) {
            admission.refusal = refusal
            return admission
        }
        for index in faults.indices
        where faults[index].strikes(operation: call.operation, botId: call.botId, environment: call.environment) {
            admission.fault = faults[index].rule.action
            break
        }
        return admission
    }

    /// Refused requests do not count against the limit.
    private mutating func limit(now: Timestamp) -> Answer? {
        guard let limit = options.rateLimit else { return nil }
        limiter.drop(before: now, span: limit.per)
        guard limiter.count >= limit.requests else {
            limiter.add(now, span: limit.per)
            return nil
        }
        var answer = Answer(problem: 429, "rate limit of \(limit.requests) requests exceeded")
        let free = (limiter.first ?? now).advanced(by: limit.per)
        switch limit.retryAfter {
        case .seconds:
            let wait = max(1, (free.milliseconds - now.milliseconds + 999) / 1000)
            answer.headers["Retry-After"] = String(wait)
        case .httpDate: answer.headers["Retry-After"] = InstantText.httpDate(free)
        case .none: break
        }
        return answer
    }
}

/// Who may do what. Without any key and client everybody may do everything, as `anonymous`.
struct Credentials: Sendable {
    private struct Grant {
        var name: String
        var scopes: Set<SimulatedKey.Scope>
        var expires: Timestamp?
    }

    private var grants: [String: Grant] = [:]
    private var clients: [String: SimulatedClient] = [:]
    private var tokensIssued: UInt64 = 0

    mutating func add(_ key: SimulatedKey) {
        grants[key.secret] = Grant(name: key.name, scopes: key.scopes, expires: nil)
    }

    mutating func add(_ client: SimulatedClient) { clients[client.id] = client }

    /// Keys too: a key is rotated by removing all and adding the new one.
    mutating func removeKeys() { grants = grants.filter { $0.value.expires != nil } }

    mutating func revokeTokens() { grants = grants.filter { $0.value.expires == nil } }

    /// - Returns: The name of the caller, or the refusal.
    func authorize(_ call: Call, now: Timestamp) -> Result<String, Refusal> {
        guard !(grants.isEmpty && clients.isEmpty) else { return .success("anonymous") }
        guard let header = call.authorization, header.lowercased().hasPrefix("bearer "),
            let grant = grants[String(header.dropFirst(7))]
        else { return .failure(Refusal(Answer(problem: 401, "the credentials are missing or wrong"))) }
        if let expires = grant.expires, expires <= now {
            return .failure(Refusal(Answer(problem: 401, "the token has expired")))
        }
        guard let scope = call.operation.scope, !grant.scopes.contains(scope) else { return .success(grant.name) }
        return .failure(Refusal(Answer(problem: 403, "the scope \(scope.rawValue) is missing")))
    }

    mutating func issue(_ form: [String: String], now: Timestamp, seed: UInt64) -> Answer {
        guard form["grant_type"] == "client_credentials" else {
            return Answer(problem: 400, "unsupported_grant_type")
        }
        guard let client = clients[form["client_id"] ?? ""], client.secret == form["client_secret"] else {
            return Answer(problem: 401, "invalid_client")
        }
        let asked = form["scope"]?.split(separator: " ").compactMap { SimulatedKey.Scope(rawValue: String($0)) } ?? []
        let scopes = asked.isEmpty ? client.scopes : client.scopes.intersection(asked)
        tokensIssued += 1
        var generator = SeededGenerator(seed: seed, stream: .max - tokensIssued)
        let token = "token_" + String(generator.next(), radix: 16) + String(generator.next(), radix: 16)
        grants[token] = Grant(
            name: client.id, scopes: scopes, expires: now.advanced(by: client.tokenLifetime))
        return Answer(
            token: TokenAnswer(
                accessToken: token, expiresIn: client.tokenLifetime.milliseconds / 1000,
                scope: scopes.map(\.rawValue).sorted().joined(separator: " ")))
    }
}

/// An answer where something else was hoped for.
struct Refusal: Error {
    let answer: Answer
    init(_ answer: Answer) { self.answer = answer }
}

extension PlatformOperation {
    /// The scope that the platform asks for; each operation needs one.
    var scope: SimulatedKey.Scope? {
        switch self {
        case .listVersions, .testBot: .manageBots
        case .listSessions: .readSessions
        case .listDeployments, .getDeploymentStatus: .readEnvironments
        case .createDeployment: .writeDeployments
        case .token, .unknown: nil
        }
    }
}
