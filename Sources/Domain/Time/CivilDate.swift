/// A day of the proleptic Gregorian calendar, in arithmetic alone: Domain has no Foundation.
package struct CivilDate: Hashable, Sendable {
    package var year: Int
    /// 1...12.
    package var month: Int
    /// 1...31.
    package var day: Int

    package init(year: Int, month: Int, day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    static let daysPerCycle: Int64 = 146_097  // of the 400 years after which the calendar repeats
    static let epochShift: Int64 = 719_468  // from 0000-03-01 to 1970-01-01

    /// - Parameter epochDay: days since 1970-01-01.
    package init(epochDay: Int64) {
        let shifted = epochDay + CivilDate.epochShift
        let (cycle, dayOfCycle) = shifted.dividedDown(by: CivilDate.daysPerCycle)
        let yearOfCycle = (dayOfCycle - dayOfCycle / 1460 + dayOfCycle / 36_524 - dayOfCycle / 146_096) / 365
        let dayOfYear = dayOfCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153  // years begin in March here, so that the leap day is the last
        day = Int(dayOfYear - (153 * marchMonth + 2) / 5 + 1)
        month = Int(marchMonth < 10 ? marchMonth + 3 : marchMonth - 9)
        year = Int(yearOfCycle + cycle * 400 + (marchMonth >= 10 ? 1 : 0))
    }

    /// Days since 1970-01-01.
    package var epochDay: Int64 {
        let shiftedYear = Int64(month <= 2 ? year - 1 : year)
        let (cycle, yearOfCycle) = shiftedYear.dividedDown(by: 400)
        let marchMonth = Int64(month > 2 ? month - 3 : month + 9)
        let dayOfYear = (153 * marchMonth + 2) / 5 + Int64(day) - 1
        let dayOfCycle = yearOfCycle * 365 + yearOfCycle / 4 - yearOfCycle / 100 + dayOfYear
        return cycle * CivilDate.daysPerCycle + dayOfCycle - CivilDate.epochShift
    }

    /// 0 is Sunday.
    package static func weekday(ofEpochDay day: Int64) -> Int { Int((day + 4).dividedDown(by: 7).remainder) }

    package static func daysIn(month: Int, year: Int) -> Int {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 31
        }
    }
}

extension Int64 {
    /// Division whose remainder is never negative, for times before 1970.
    func dividedDown(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
