import Domain

extension Window {
    /// Windows of these worlds come once a day, in UTC: whether one is open can be told without a schedule's arithmetic.
    func isClosedDaily(at wall: Timestamp, isReturn: Bool) -> Bool {
        if isReturn, allowRollback { return false }
        let fields = schedule.split(separator: " ")
        guard let minute = Int64(fields[0]), let hour = Int64(fields[1]) else { return true }
        let day: Int64 = 86_400_000
        let start = (hour * 60 + minute) * 60_000
        let since = ((wall.milliseconds - start) % day + day) % day
        let isInside = since < duration.milliseconds
        return kind == .deny ? isInside : !isInside
    }
}
