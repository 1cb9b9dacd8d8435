extension Timestamp {
    static let millisecondsPerDay: Int64 = 86_400_000
    /// 0000-01-01T00:00:00.000Z and 9999-12-31T23:59:59.999Z: what four digits of a year can say.
    static let writable: ClosedRange<Int64> = -62_167_219_200_000...253_402_300_799_999

    /// ISO 8601 in UTC with milliseconds, `2026-11-22T09:30:00.000Z`; a time that four-digit years can't say is shown
    /// as the nearest one that they can.
    package var iso8601: String {
        let clamped = min(max(milliseconds, Timestamp.writable.lowerBound), Timestamp.writable.upperBound)
        let (epochDay, rest) = clamped.dividedDown(by: Timestamp.millisecondsPerDay)
        let date = CivilDate(epochDay: epochDay)
        let time = Int(rest)
        return padded(date.year, 4) + "-" + padded(date.month, 2) + "-" + padded(date.day, 2)
            + "T" + padded(time / 3_600_000, 2) + ":" + padded(time / 60_000 % 60, 2)
            + ":" + padded(time / 1000 % 60, 2) + "." + padded(time % 1000, 3) + "Z"
    }

    /// Reads RFC 3339: a `T` or a space, any number of fraction digits up to 9 (cut to milliseconds), `Z` or an offset.
    /// Nil for anything else, impossible dates and leap seconds included.
    package init?(iso8601 text: String) {
        var rest = Array(text.utf8)[...]
        guard rest.count <= 40,
            let year = takeDigits(&rest, 4), take(&rest, "-"), let month = takeDigits(&rest, 2), take(&rest, "-"),
            let day = takeDigits(&rest, 2), take(&rest, "T") || take(&rest, "t") || take(&rest, " "),
            let hour = takeDigits(&rest, 2), take(&rest, ":"), let minute = takeDigits(&rest, 2), take(&rest, ":"),
            let second = takeDigits(&rest, 2), let fraction = takeFraction(&rest),
            let offset = takeOffset(&rest), rest.isEmpty,
            (1...12).contains(month), (1...CivilDate.daysIn(month: month, year: year)).contains(day),
            hour < 24, minute < 60, second < 60
        else { return nil }
        let days = CivilDate(year: year, month: month, day: day).epochDay
        let seconds = Int64(hour * 3600 + minute * 60 + second - offset)
        self.init(milliseconds: days * Timestamp.millisecondsPerDay + seconds * 1000 + Int64(fraction))
    }
}

private func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

private func take(_ rest: inout ArraySlice<UInt8>, _ character: Unicode.Scalar) -> Bool {
    guard let first = rest.first, UInt32(first) == character.value else { return false }
    rest = rest.dropFirst()
    return true
}

private func takeDigits(_ rest: inout ArraySlice<UInt8>, _ count: Int) -> Int? {
    let digits = rest.prefix(count)
    guard digits.count == count, digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
    rest = rest.dropFirst(count)
    return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
}

/// Milliseconds; 0 where there is no fraction, nil where a point has no digits behind it.
private func takeFraction(_ rest: inout ArraySlice<UInt8>) -> Int? {
    guard take(&rest, ".") || take(&rest, ",") else { return 0 }
    let digits = rest.prefix { $0 >= 0x30 && $0 <= 0x39 }
    guard (1...9).contains(digits.count) else { return nil }
    rest = rest.dropFirst(digits.count)
    return (Array(digits) + [0x30, 0x30]).prefix(3).reduce(0) { $0 * 10 + Int($1 - 0x30) }
}

/// Seconds east of UTC.
private func takeOffset(_ rest: inout ArraySlice<UInt8>) -> Int? {
    if take(&rest, "Z") || take(&rest, "z") { return 0 }
    let isWest: Bool
    if take(&rest, "-") { isWest = true } else if take(&rest, "+") { isWest = false } else { return nil }
    guard let hours = takeDigits(&rest, 2), take(&rest, ":"), let minutes = takeDigits(&rest, 2), hours < 24,
        minutes < 60
    else { return nil }
    return (isWest ? -1 : 1) * (hours * 3600 + minutes * 60)
}
