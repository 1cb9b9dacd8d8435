import Domain

/// One event in the vocabulary of CDEvents, 0.5.1 or 0.4.1: what it has a word for - a service deployed, upgraded or rolled
/// back, an incident detected or resolved - in that word, everything else as `dev.cdeventsx.ballast-…`. The whole body of
/// `kind: webhook` stands in `customData`.
struct CDEvent: Sendable {
    private enum Word: Sendable {
        case deployed(version: String)
        case upgraded(version: String)
        case rolledBack(version: String)
        case detected, resolved
        case custom(subject: String, predicate: String)
    }

    let source: String
    let type: String
    let subjectId: String
    let body: JSONNode

    init(_ event: Event, origin: String, version: SinkSettings.Version) {
        let word = CDEvent.word(event)
        source = origin.isEmpty ? "/ballast" : origin
        type = CDEvent.type(word, version)
        subjectId = CDEvent.subjectId(event, word)
        let isOld = version == .v04
        var context: [(String, JSONNode?)] = [
            (isOld ? "version" : "specversion", .string(isOld ? "0.4.1" : "0.5.1")), ("id", .string(event.id)),
            ("source", .string(source)), ("type", .string(type)), ("timestamp", .string(event.time.iso8601)),
        ]
        // All that one rollout led to belongs together.
        if let rollout = event.rollout?.id { context.append(("chainId", .string(rollout))) }
        let subject: JSONNode = .object([
            ("id", .string(subjectId)), ("source", .string(source)),
            ("type", isOld ? .string(CDEvent.subjectType(word)) : nil), ("content", CDEvent.content(event, word)),
        ])
        body = .object([
            ("context", .object(context)), ("subject", subject), ("customData", WebhookBody.node(event)),
            ("customDataContentType", .string("application/json")),
        ])
    }

    private static func word(_ event: Event) -> Word {
        switch event.type {
        case "rollout.succeeded":
            guard event.bot != nil, let version = event.to else { return custom(event) }
            if event.from == nil { return .deployed(version: version) }
            return event.rollout?.direction == .rollback
                ? .rolledBack(version: version) : .upgraded(version: version)
        case "rollout.failed-over":
            guard event.bot != nil, let version = event.rollout?.fallback else { return custom(event) }
            return .rolledBack(version: version)
        case "drift.detected", "drift.changed": return event.bot == nil ? custom(event) : .detected
        case "drift.resolved": return event.bot == nil ? custom(event) : .resolved
        default: return custom(event)
        }
    }

    /// Subject and predicate of a custom type are letters alone.
    private static func custom(_ event: Event) -> Word {
        let parts = event.type.split(separator: ".", maxSplits: 1).map { part in
            String(part.filter { $0.isASCII && $0.isLetter })
        }
        return .custom(subject: parts.first ?? "event", predicate: parts.count > 1 ? parts[1] : "told")
    }

    /// The types as 0.5.1 and 0.4.1 number them.
    private static func type(_ word: Word, _ version: SinkSettings.Version) -> String {
        let number = version == .v05 ? "0.3.0" : "0.2.0"
        return switch word {
        case .deployed: "dev.cdevents.service.deployed.\(number)"
        case .upgraded: "dev.cdevents.service.upgraded.\(number)"
        case .rolledBack: "dev.cdevents.service.rolledback.\(number)"
        case .detected: "dev.cdevents.incident.detected.\(number)"
        case .resolved: "dev.cdevents.incident.resolved.\(number)"
        case .custom(let subject, let predicate): "dev.cdeventsx.ballast-\(subject).\(predicate).0.1.0"
        }
    }

    /// An incident is the same from its beginning to its end.
    private static func subjectId(_ event: Event, _ word: Word) -> String {
        switch word {
        case .detected, .resolved: event.fingerprint
        case .deployed, .upgraded, .rolledBack, .custom: event.bot?.key.description ?? event.stream
        }
    }

    private static func subjectType(_ word: Word) -> String {
        switch word {
        case .deployed, .upgraded, .rolledBack: "service"
        case .detected, .resolved: "incident"
        case .custom(let subject, _): "ballast-\(subject)"
        }
    }

    private static func content(_ event: Event, _ word: Word) -> JSONNode {
        let environment: JSONNode? = (event.bot?.key.environment).map { .object([("id", .string($0))]) }
        switch word {
        case .deployed(let version), .upgraded(let version), .rolledBack(let version):
            return .object([
                ("environment", environment), ("artifactId", event.bot.map { artifact($0.key, version) }),
            ])
        case .detected, .resolved:
            return .object([
                ("description", .string(event.message)), ("environment", environment),
                ("service", (event.bot?.key.description).map { .object([("id", .string($0))]) }),
                ("artifactId", event.bot.flatMap { bot in event.drift?.deployed.map { artifact(bot.key, $0) } }),
            ])
        case .custom:
            return .object([
                ("message", .string(event.message)), ("status", .string(event.status.rawValue)),
                ("severity", .string(event.severity.rawValue)), ("environment", environment),
            ])
        }
    }

    /// A version of a bot as a package URL.
    private static func artifact(_ key: BotKey, _ version: String) -> JSONNode {
        let parts = [key.platform, key.botId, version].map(PayloadText.encoded)
        return .string("pkg:generic/\(parts[0])/\(parts[1])@\(parts[2])")
    }
}
