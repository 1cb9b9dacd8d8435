/// The `Retry-After` header (RFC 9110, 10.2.3): seconds, or an HTTP date.
package enum RetryAfter {
    /// What a server may ask for at most; more is cut to it. The engine bounds it further.
    package static let maxWait = Span.hours(24)
    /// The longest date that HTTP knows has 33.
    static let maxDateBytes = 40

    /// The wait that `text` asks for, between zero and `maxWait`; `nil` for garbage, which is ignored.
    ///
    /// A date is compared with the server's own `Date` header where there is one, since its clock and ours may differ.
    /// - Parameter wall: our wall clock, for an answer without `Date`.
    package static func wait(_ text: String, date: String? = nil, wall: Timestamp) -> Span? {
        let bytes = text.utf8.drop { $0 == 32 || $0 == 9 }
        guard let end = bytes.lastIndex(where: { $0 != 32 && $0 != 9 }) else { return nil }
        let trimmed = String(decoding: bytes[...end], as: UTF8.self)
        if trimmed.utf8.allSatisfy({ (48...57).contains($0) }) {
            guard let seconds = Int64(trimmed), seconds < maxWait.milliseconds / 1000 else { return maxWait }
            return .seconds(seconds)
        }
        guard let until = Timestamp(httpDate: trimmed) else { return nil }
        let from = date.flatMap(Timestamp.init(httpDate:)) ?? wall
        let wait = until.milliseconds.addingClamped(from.milliseconds == .min ? .max : -from.milliseconds)
        return Span(milliseconds: min(max(wait, 0), maxWait.milliseconds))
    }
}

extension Timestamp {
    /// A date of HTTP in the one form that is written today (`Sun, 06 Nov 1994 08:49:37 GMT`) and the two that must still be
    /// read (`Sunday, 06-Nov-94 08:49:37 GMT`, `Sun Nov  6 08:49:37 1994`). The name of the day is not checked.
    package init?(httpDate text: String) {
        var reader = DigitReader(text)
        guard reader.count <= RetryAfter.maxDateBytes, reader.word().count >= 3 else { return nil }
        if reader.take(",") {
            self.init(afterComma: &reader)
        } else {
            self.init(asctime: &reader)
        }
    }

    private init?(afterComma reader: inout DigitReader) {
        guard reader.take(" "), let day = reader.number(2), reader.take(" ") || reader.take("-"),
            let month = Timestamp.month(reader.word()), reader.take(" ") || reader.take("-"), let two = reader.number(2)
        else { return nil }
        // Two digits of a year lie within the fifty years around now (RFC 9110, 5.6.7); nothing here is older than 1970.
        let year = reader.number(2).map { two * 100 + $0 } ?? (two < 70 ? 2000 + two : 1900 + two)
        guard reader.take(" "), let time = Timestamp.timeOfDay(&reader), reader.take(" "), reader.word() == "gmt",
            reader.isAtEnd
        else { return nil }
        self.init(date: CivilDate(year: year, month: month, day: day), secondOfDay: time)
    }

    private init?(asctime reader: inout DigitReader) {
        guard reader.take(" "), let month = Timestamp.month(reader.word()), reader.take(" ") else { return nil }
        _ = reader.take(" ")
        guard let day = reader.shortNumber(), reader.take(" "), let time = Timestamp.timeOfDay(&reader),
            reader.take(" "),
            let year = reader.number(4), reader.isAtEnd
        else { return nil }
        self.init(date: CivilDate(year: year, month: month, day: day), secondOfDay: time)
    }

    private init?(date: CivilDate, secondOfDay: Int) {
        guard date.day >= 1, date.day <= CivilDate.daysIn(month: date.month, year: date.year) else { return nil }
        self.init(milliseconds: date.epochDay * Timestamp.millisecondsPerDay + Int64(secondOfDay) * 1000)
    }

    private static func timeOfDay(_ reader: inout DigitReader) -> Int? {
        guard let hour = reader.number(2), reader.take(":"), let minute = reader.number(2), reader.take(":"),
            let second = reader.number(2), hour < 24, minute < 60, second <= 60
        else { return nil }
        return hour * 3600 + minute * 60 + second
    }

    private static func month(_ name: String) -> Int? {
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
            .firstIndex(of: name).map { $0 + 1 }
    }
}
