/// One of the five fields of a cron schedule, read into a set of bits.
struct CronField {
    struct Kind: Sendable {
        var title: String
        var range: ClosedRange<Int>
        /// Upper-case names, the first standing for the lowest number.
        var names: [String] = []

        static let minute = Kind(title: "minute", range: 0...59)
        static let hour = Kind(title: "hour", range: 0...23)
        static let day = Kind(title: "day of the month", range: 1...31)
        static let month = Kind(
            title: "month", range: 1...12,
            names: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"])
        /// 7 is Sunday too, and is folded onto 0.
        static let weekday = Kind(
            title: "day of the week", range: 0...7, names: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"])
    }

    /// Bit n is set where the field matches n.
    var bits: UInt64
    /// It begins with `*`; two fields that do not are alternatives where they are the two days.
    var isStar: Bool

    init(_ text: Substring, _ kind: Kind) throws(CronProblem) {
        bits = 0
        isStar = text.first == "*"
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            bits |= try CronField.bits(of: item, kind)
        }
        if kind.range.upperBound == 7, bits & (1 << 7) != 0 { bits = bits & ~(1 << 7) | 1 }
    }

    private static func bits(of item: Substring, _ kind: Kind) throws(CronProblem) -> UInt64 {
        let halves = item.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let ends = try ends(of: halves[0], kind)
        var step = 1
        if halves.count == 2 {
            guard let number = number(halves[1]), number >= 1, number <= kind.range.upperBound else {
                throw CronProblem(
                    "the step `\(halves[1])` of the \(kind.title) is no number from 1 to \(kind.range.upperBound)")
            }
            guard halves[0] == "*" || halves[0].contains("-") else {
                throw CronProblem("a step needs a range: write `\(halves[0])-\(kind.range.upperBound)/\(halves[1])`")
            }
            step = number
        }
        return stride(from: ends.lowerBound, through: ends.upperBound, by: step).reduce(0) { $0 | 1 << UInt64($1) }
    }

    private static func ends(of text: Substring, _ kind: Kind) throws(CronProblem) -> ClosedRange<Int> {
        if text == "*" { return kind.range.upperBound == 7 ? 0...6 : kind.range }
        let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let first = try value(parts[0], kind)
        guard parts.count == 2 else { return first...first }
        var last = try value(parts[1], kind)
        if kind.range.upperBound == 7, last == 0, first > 0 { last = 7 }
        guard first <= last else {
            throw CronProblem("the range `\(text)` of the \(kind.title) runs backwards; write two ranges with a comma")
        }
        return first...last
    }

    private static func value(_ text: Substring, _ kind: Kind) throws(CronProblem) -> Int {
        if let number = number(text), kind.range.contains(number) { return number }
        if let index = kind.names.firstIndex(of: text.uppercased()) { return kind.range.lowerBound + index }
        let names = kind.names.isEmpty ? "" : " or a name such as `\(kind.names[1])`"
        throw CronProblem(
            "`\(text.prefix(32))` is no \(kind.title): expected \(kind.range.lowerBound) to \(kind.range.upperBound)\(names)"
        )
    }

    private static func number(_ text: Substring) -> Int? {
        guard (1...2).contains(text.utf8.count), text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
        return Int(text)
    }
}
