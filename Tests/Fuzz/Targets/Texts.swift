import Dashboard
import Domain
import Live

extension Target {
    static let texts: [Target] = [
        Target(
            name: "retry-after", share: 100,
            words: [
                "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "\n",
                "GMT",
            ],
            read: { try readRetryAfter($0) }),
        Target(
            name: "cron", share: 20,
            words: ["*", "*/5", "1-5", "MON", "sun", "JAN-DEC", ",", "/", "-", " ", "0 0 29 2 *", "L", "?", "\n"],
            read: { try readCron($0) }),
        Target(
            name: "duration", share: 120, words: ["ms", "s", "m", "h", "d", "T", "Z", "+01:00", ".", "-"],
            read: { try readTime($0) }),
        Target(
            name: "glob", share: 100, words: ["*", "**", "?", "/", "**/", "rollout.*", ".", "\n"],
            read: { try readGlob($0) }),
        Target(
            name: "query", share: 60,
            words: ["state=", "name=", "label=", "page=", "&", "in-sync", "attention", "team=a", "%", "="],
            read: { try readQuery($0) }),
        Target(name: "outside-text", share: 60, words: ["key-1234", "key-", "1234"], read: { try readText($0) }),
    ]

    private static let zones = SystemTimeZones()
    private static let now = Timestamp(milliseconds: 1_795_341_600_000)

    /// Two lines: the header, and the answer's own `Date`.
    @Sendable private static func readRetryAfter(_ bytes: [UInt8]) throws -> Outcome {
        let lines = bytes.split(separator: 10, maxSplits: 1, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        for wall in [now, Timestamp(milliseconds: .min), Timestamp(milliseconds: .max)] {
            let wait = RetryAfter.wait(lines[0], date: lines.count > 1 ? lines[1] : nil, wall: wall)
            try promise(wait.map { $0 >= .zero && $0 <= RetryAfter.maxWait } ?? true, "a wait of \(wait?.text ?? "")")
        }
        guard let wait = RetryAfter.wait(lines[0], wall: now) else { return .refused("none") }
        return .good(wait == .zero ? "now" : wait == RetryAfter.maxWait ? "most" : "some")
    }

    @Sendable private static func readCron(_ bytes: [UInt8]) throws -> Outcome {
        let text = String(decoding: bytes, as: UTF8.self)
        do {
            _ = try CronSchedule(text)
        } catch {
            try promise(!error.message.isEmpty && error.message.utf8.count < 2000, "\(error)")
            return .refused(error.message)
        }
        var words = ""
        for (kind, zone) in [(Window.Kind.allow, "UTC"), (.deny, "Europe/Berlin"), (.deny, "Australia/Lord_Howe")] {
            let windows = WindowSet(
                [[Window(kind: kind, schedule: text, duration: .hours(2), timeZone: zone)]], zones: zones)
            switch windows.judge(at: now, isReturn: false) {
            case .open: words += "open "
            case .closed(let next, _):
                try promise(next.map { $0 > now } ?? true, "the next opening is in the past")
                if let next, windows.judge(at: next, isReturn: false) != .open {
                    throw BrokenPromise("closed at its own opening \(next.iso8601) in \(zone)")
                }
                words += next == nil ? "never " : "later "
            }
        }
        return .good(words)
    }

    /// A duration, or a time.
    @Sendable private static func readTime(_ bytes: [UInt8]) throws -> Outcome {
        let text = String(decoding: bytes, as: UTF8.self)
        if let span = Span(text: text) {
            try promise(span >= .zero, "\(text) is less than nothing")
            try promise(Span(text: span.text) == span, "\(text) is written as \(span.text)")
            return .good("duration \(span.text.count)")
        }
        if let time = Timestamp(iso8601: text) {
            try promise(
                Timestamp(iso8601: time.iso8601) == time || !Timestamp.canBeWritten(time),
                "\(text) is written as \(time.iso8601)")
            return .good("time")
        }
        return .refused("neither")
    }

    /// A pattern and a text, parted by a line end; held against a matcher written by the definition.
    @Sendable private static func readGlob(_ bytes: [UInt8]) throws -> Outcome {
        let sides = bytes.split(separator: 10, maxSplits: 1, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        let (pattern, text) = (sides[0], sides.count > 1 ? sides[1] : "")
        let (byId, byPath) = (Glob.matches(id: pattern, text), Glob.matches(path: pattern, text))
        if pattern.utf8.count < 200, text.utf8.count < 200 {
            let (tokens, scalars) = (Array(pattern.unicodeScalars), Array(text.unicodeScalars))
            try promise(
                byId == defined(tokens, scalars, isMany: { $0 == "*" }, { $0 == "?" || $0 == $1 }),
                "\(pattern) and \(text)")
            let segments = pattern.split(separator: "/").map { Array($0.unicodeScalars) }
            let names = text.split(separator: "/").map { Array($0.unicodeScalars) }
            let expected = defined(
                segments, names, isMany: { $0 == ["*", "*"] },
                { defined($0, $1, isMany: { $0 == "*" }, { $0 == "?" || $0 == $1 }) })
            try promise(byPath == expected, "\(pattern) and \(text) as paths")
        }
        return byId || byPath ? .good("\(byId) \(byPath)") : .refused("no match")
    }

    private static func defined<Token, Item>(
        _ pattern: [Token], _ text: [Item], isMany: (Token) -> Bool, _ test: (Token, Item) -> Bool
    ) -> Bool {
        // `row[n]`: what of the pattern was used so far matches the first n items.
        var row = [true] + Array(repeating: false, count: text.count)
        for token in pattern {
            var next = Array(repeating: false, count: text.count + 1)
            next[0] = row[0] && isMany(token)
            for index in text.indices {
                next[index + 1] = isMany(token) ? next[index] || row[index + 1] : row[index] && test(token, text[index])
            }
            row = next
        }
        return row[text.count]
    }

    /// What a browser sends for the fleet's table, as `name=value&…`.
    @Sendable private static func readQuery(_ bytes: [UInt8]) throws -> Outcome {
        var values: [String: String] = [:]
        for pair in String(decoding: bytes, as: UTF8.self).split(separator: "&") {
            let sides = pair.split(separator: "=", maxSplits: 1).map(String.init)
            if let name = sides.first { values[name] = sides.count > 1 ? sides[1] : "" }
        }
        let query = FleetQuery { values[$0] }
        try promise(query.page >= 1, "page \(query.page)")
        try promise(query.name.unicodeScalars.count <= 200 && query.label.unicodeScalars.count <= 200, "a long text")
        try promise(query.found(in: []).isEmpty, "bots from nowhere")
        return .good("\(query.state) \(query.name.isEmpty) \(query.label.isEmpty)")
    }

    @Sendable private static func readText(_ bytes: [UInt8]) throws -> Outcome {
        let text = String(decoding: bytes, as: UTF8.self)
        let cleaned = UntrustedText.cleaned(text, secrets: ["key-1234"])
        try promise(!cleaned.contains("key-1234"), "the secret is left in \(cleaned)")
        try promise(cleaned.unicodeScalars.count <= UntrustedText.maxMessageCharacters, "too long")
        try promise(UntrustedText.cleaned(cleaned, secrets: ["key-1234"]) == cleaned, "cleaning twice changes it")
        return .good("\(cleaned.isEmpty) \(cleaned.utf8.count == text.utf8.count) \(cleaned.hasSuffix("…"))")
    }
}

extension Timestamp {
    /// Years of four digits.
    fileprivate static func canBeWritten(_ time: Timestamp) -> Bool {
        (-62_167_219_200_000...253_402_300_799_999).contains(time.milliseconds)
    }
}
