package import Domain

/// `audit show -o json`: the records as they stand in the chain.
package struct RecordsShape: Codable, Hashable, Sendable {
    package var records: [JSONValue]

    package init(records: [JSONValue]) { self.records = records }
}

/// `notifications list -o json`.
package struct NotificationsShape: Codable, Hashable, Sendable {
    package struct Item: Codable, Hashable, Sendable {
        package var id: String
        package var type: String
        package var time: String
        package var sink: String
        package var stream: String
        package var sequence: Int64
        package var status: String
        package var attempts: Int
        /// When it is tried again; `null` where it is not.
        @OrNull package var nextAt: String?
        package var answer: String

        package init(_ state: DeliveryState, type: String, time: Timestamp, nextAt: Timestamp?) {
            id = state.eventId
            self.type = type
            self.time = time.iso8601
            sink = state.sink
            stream = state.stream
            sequence = state.sequence
            status = state.status.rawValue
            attempts = state.attempts
            self.nextAt = nextAt?.iso8601
            answer = state.answer
        }
    }

    package var items: [Item]

    package init(items: [Item]) { self.items = items }
}

/// `doctor -o json`.
package struct DoctorShape: Codable, Hashable, Sendable {
    package struct Check: Codable, Hashable, Sendable {
        package var check: String
        package var ok: Bool
        package var message: String
        @OrNull package var remedy: String?

        package init(check: String, ok: Bool, message: String, remedy: String?) {
            self.check = check
            self.ok = ok
            self.message = message
            self.remedy = remedy
        }
    }

    package var checks: [Check]

    package init(checks: [Check]) { self.checks = checks }
}

/// `import -o json`.
package struct ImportShape: Codable, Hashable, Sendable {
    package var written: [String]
    /// Files that were there already and were left as they are.
    package var kept: [String]

    package init(written: [String], kept: [String]) {
        self.written = written
        self.kept = kept
    }
}
