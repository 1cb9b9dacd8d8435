import Domain

/// Wall-clock instants in the two forms that HTTP needs, by calendar arithmetic alone: a page of fifty jobs holds a
/// hundred of them.
enum InstantText {
    /// `2026-11-22T10:00:00.000Z`.
    static func iso8601(_ instant: Timestamp) -> String {
        let parts = Parts(instant)
        return "\(pad(parts.year, 4))-\(pad(parts.month, 2))-\(pad(parts.day, 2))T\(parts.timeOfDay)"
            + ".\(pad(parts.millisecond, 3))Z"
    }

    /// `Sun, 22 Nov 2026 10:00:00 GMT`, rounded up to the second so that nobody comes back too early.
    static func httpDate(_ instant: Timestamp) -> String {
        let parts = Parts(instant.advanced(by: .milliseconds(999)))
        let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][parts.dayNumber.modulo(7)]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        return "\(weekday), \(pad(parts.day, 2)) \(months[parts.month - 1]) \(pad(parts.year, 4)) "
            + "\(parts.timeOfDay) GMT"
    }

    private static func pad(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private struct Parts {
        let dayNumber: Int
        let year: Int
        let month: Int
        let day: Int
        let second: Int
        let millisecond: Int

        /// The civil calendar from days since 1970, counted in eras of 400 years that begin on 1 March.
        init(_ instant: Timestamp) {
            let total = Int(instant.milliseconds)
            dayNumber = total.floorDivided(by: 86_400_000)
            let inDay = total - dayNumber * 86_400_000
            second = inDay / 1000
            millisecond = inDay % 1000
            let shifted = dayNumber + 719_468
            let era = shifted.floorDivided(by: 146_097)
            let dayOfEra = shifted - era * 146_097
            let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
            let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
            let fromMarch = (5 * dayOfYear + 2) / 153
            day = dayOfYear - (153 * fromMarch + 2) / 5 + 1
            month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
            year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        }

        var timeOfDay: String {
            "\(pad(second / 3600, 2)):\(pad(second / 60 % 60, 2)):\(pad(second % 60, 2))"
        }
    }
}

extension Int {
    fileprivate func floorDivided(by divisor: Int) -> Int {
        self >= 0 ? self / divisor : -((-self + divisor - 1) / divisor)
    }

    fileprivate func modulo(_ divisor: Int) -> Int { ((self % divisor) + divisor) % divisor }
}
