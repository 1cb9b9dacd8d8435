import Domain

// The JSON of faults. Everything but the action may be left out; spans are milliseconds.

extension FaultRule: Codable {
    private enum CodingKeys: String, CodingKey {
        case operation, botId, environment, skip, times, probability, action
        /// `true` takes the place of `times: null`, which would read like "left out".
        case always
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        let always = try fields.decodeIfPresent(Bool.self, forKey: .always) ?? false
        self.init(
            try fields.decode(FaultAction.self, forKey: .action),
            on: try fields.decodeIfPresent(PlatformOperation.self, forKey: .operation),
            botId: try fields.decodeIfPresent(String.self, forKey: .botId),
            environment: try fields.decodeIfPresent(String.self, forKey: .environment),
            skip: try fields.decodeIfPresent(Int.self, forKey: .skip) ?? 0,
            times: always ? nil : try fields.decodeIfPresent(Int.self, forKey: .times) ?? 1,
            probability: try fields.decodeIfPresent(Double.self, forKey: .probability) ?? 1)
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(action, forKey: .action)
        try fields.encodeIfPresent(operation, forKey: .operation)
        try fields.encodeIfPresent(botId, forKey: .botId)
        try fields.encodeIfPresent(environment, forKey: .environment)
        try fields.encode(skip, forKey: .skip)
        try fields.encodeIfPresent(times, forKey: .times)
        try fields.encode(times == nil, forKey: .always)
        try fields.encode(probability, forKey: .probability)
    }
}

extension FaultAnswer: Codable {
    private enum CodingKeys: String, CodingKey { case status, body, contentType, headers }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init(status: try fields.decode(Int.self, forKey: .status))
        body = try fields.decodeIfPresent(String.self, forKey: .body) ?? body
        contentType = try fields.decodeIfPresent(String.self, forKey: .contentType) ?? contentType
        headers = try fields.decodeIfPresent([String: String].self, forKey: .headers) ?? headers
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(status, forKey: .status)
        try fields.encode(body, forKey: .body)
        try fields.encode(contentType, forKey: .contentType)
        try fields.encode(headers, forKey: .headers)
    }
}

extension JobScript: Codable {
    private enum CodingKeys: String, CodingKey {
        case queuedFor = "queuedForMilliseconds"
        case runningFor = "runningForMilliseconds"
        case ending
        case visibleAfter = "visibleAfterMilliseconds"
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init()
        queuedFor = try fields.decodeIfPresent(Span.self, forKey: .queuedFor) ?? queuedFor
        runningFor = try fields.decodeIfPresent(Span.self, forKey: .runningFor) ?? runningFor
        ending = try fields.decodeIfPresent(Ending.self, forKey: .ending) ?? ending
        visibleAfter = try fields.decodeIfPresent(Span.self, forKey: .visibleAfter) ?? visibleAfter
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(queuedFor, forKey: .queuedFor)
        try fields.encode(runningFor, forKey: .runningFor)
        try fields.encode(ending, forKey: .ending)
        try fields.encode(visibleAfter, forKey: .visibleAfter)
    }
}
