import Domain

/// The fleet at a glance.
package struct FleetView: Sendable {
    struct Count: Sendable {
        var title: String
        var legend: String
        var number: String
        var tone: String
        var isSome: Bool
        var href: String
        var isCurrent: Bool
    }

    /// A part of the bar below the counts, in the drawing's units.
    struct Share: Sendable {
        var x: String
        var width: String
        var tone: String
    }

    struct Choice: Sendable {
        var value: String
        var label: String
        var isChosen: Bool
    }

    struct Row: Sendable {
        var id: String
        var href: String
        var name: String
        var place: String
        var labels: [String]
        var face: Face
        var desired: String
        var deployed: String
        var differs: Bool
        var guardName: String
        var message: String
        var since: Moment
    }

    package var headline: String
    var headlineTone: String
    var branch: String
    /// Short; none: nothing was read yet.
    var head: [String]
    var passed: [Moment]
    var counts: [Count]
    var shares: [Share]
    var barText: String
    var notices: [Notice]
    var hasNotices: Bool
    var query: FleetQuery
    var choices: [Choice]
    var isFiltered: Bool
    var rows: [Row]
    var hasRows: Bool
    var shown: String
    var emptyText: String
    var previous: [String]
    var following: [String]
    var hasPages: Bool
    var open: [RolloutRow]
    var openMore: [String]
    var hasOpen: Bool
    var events: [EventRow]
    var pending: String
    var dead: String
    var hasDead: Bool

    static let barWidth = 1000.0
    package static let maxOpenRollouts = 12

    package init(_ snapshot: FleetSnapshot, query asked: FleetQuery) {
        var numbers: [StateGroup: Int] = [:]
        for bot in snapshot.bots { numbers[StateGroup(bot.state), default: 0] += 1 }
        let found = asked.found(in: snapshot.bots)
        var query = asked
        let pages = max(1, (found.count + FleetQuery.botsPerPage - 1) / FleetQuery.botsPerPage)
        query.page = min(query.page, pages)
        self.query = query
        (headline, headlineTone) = Self.headline(numbers)
        branch = Words.clean(snapshot.branch)
        head = snapshot.head.map { [Words.short($0.hex)] } ?? []
        passed = snapshot.passedAt.map { [Moment($0)] } ?? []
        counts = StateGroup.allCases.map { Self.count($0, numbers[$0] ?? 0, query) }
        shares = Self.shares(numbers)
        barText = StateGroup.allCases.compactMap { group in
            numbers[group].map { "\(group.title): \($0)" }
        }.joined(separator: ", ")
        notices = snapshot.notices
        hasNotices = !notices.isEmpty
        choices = Self.choices(query.state)
        isFiltered = !query.isEmpty
        let first = (query.page - 1) * FleetQuery.botsPerPage
        rows = found.dropFirst(first).prefix(FleetQuery.botsPerPage).map { Row($0) }
        hasRows = !rows.isEmpty
        let of = Words.count(found.count, "bot")
        shown = pages > 1 ? "\(first + 1) to \(first + rows.count) of \(of)" : of
        emptyText =
            snapshot.bots.isEmpty
            ? "No manifest was read yet. Put one into the repository and push it." : "No bot fits this filter."
        previous = query.page > 1 ? [query.with { $0.page -= 1 }] : []
        following = query.page < pages ? [query.with { $0.page += 1 }] : []
        hasPages = pages > 1
        open = snapshot.open.prefix(Self.maxOpenRollouts).map { RolloutRow($0) }
        hasOpen = !open.isEmpty
        let more = snapshot.openCount - open.count
        openMore = more > 0 ? ["and \(Words.grouped(more)) more"] : []
        events = snapshot.events.map { EventRow($0) }
        pending = Words.grouped(snapshot.pendingDeliveries)
        dead = Words.grouped(snapshot.deadDeliveries)
        hasDead = snapshot.deadDeliveries > 0
    }

    /// One sentence that can be read across the room.
    static func headline(_ numbers: [StateGroup: Int]) -> (String, String) {
        func sum(_ groups: StateGroup...) -> Int { groups.reduce(0) { $0 + (numbers[$1] ?? 0) } }
        let all = sum(.inSync, .moving, .waiting, .drifting, .unknown, .stopped, .failed)
        func part(_ number: Int, _ one: String, _ many: String) -> String {
            number == all
                ? (all == 1 ? "The one bot \(one)." : "All \(Words.grouped(all)) bots \(many).")
                : "\(Words.grouped(number)) of \(Words.count(all, "bot")) \(number == 1 ? one : many)."
        }
        if all == 0 {
            return sum(.aside) == 0
                ? ("No bot is managed yet.", Face.Tone.calm.rawValue)
                : ("All bots are set aside.", Face.Tone.calm.rawValue)
        }
        if sum(.failed, .stopped) > 0 {
            let tone: Face.Tone = sum(.failed) > 0 ? .fail : .stop
            return (part(sum(.failed, .stopped), "needs a person", "need a person"), tone.rawValue)
        }
        if sum(.drifting, .unknown) > 0 {
            return (
                part(sum(.drifting, .unknown), "is not known to be as git says", "are not known to be as git says"),
                Face.Tone.warn.rawValue
            )
        }
        if sum(.moving, .waiting) > 0 {
            return (part(sum(.moving, .waiting), "is on its way", "are on their way"), Face.Tone.move.rawValue)
        }
        return (part(all, "is in sync", "are in sync"), Face.Tone.good.rawValue)
    }

    private static func count(_ group: StateGroup, _ number: Int, _ query: FleetQuery) -> Count {
        let isCurrent = query.state == group.rawValue
        return Count(
            title: group.title, legend: group.legend, number: Words.grouped(number), tone: group.tone.rawValue,
            isSome: number > 0,
            href: query.with {
                $0.state = isCurrent ? "" : group.rawValue
                $0.page = 1
            }, isCurrent: isCurrent)
    }

    private static func shares(_ numbers: [StateGroup: Int]) -> [Share] {
        let all = numbers.values.reduce(0, +)
        guard all > 0 else { return [] }
        var x = 0.0
        return StateGroup.allCases.compactMap { group in
            guard let number = numbers[group] else { return nil }
            let width = barWidth * Double(number) / Double(all)
            defer { x += width }
            return Share(
                x: Words.decimal(x, places: 2), width: Words.decimal(max(2, width - 3), places: 2),
                tone: group.tone.rawValue)
        }
    }

    private static func choices(_ chosen: String) -> [Choice] {
        let all = Choice(value: "", label: "any", isChosen: chosen.isEmpty)
        let groups = StateGroup.allCases.filter { $0.states.count > 1 }.map {
            Choice(
                value: $0.rawValue, label: "\($0.title.lowercased()) (\($0.legend))", isChosen: chosen == $0.rawValue)
        }
        let same = StateGroup.allCases.filter { $0.states.count == 1 }
        let states = BotCondition.State.allCases.map { state in
            Choice(
                value: state.rawValue, label: Face(state).word.lowercased(),
                isChosen: chosen == state.rawValue
                    || same.contains { $0.states == [state] && $0.rawValue == chosen })
        }
        return [all] + groups + states
    }
}

extension FleetView.Row {
    init(_ bot: FleetBot) {
        id = Link.encoded(bot.key.description)
        href = Link.bot(bot.key)
        name = Words.clean(bot.name)
        place = Words.clean(bot.key.description)
        labels = bot.labels.sorted { $0.key < $1.key }.map { Words.clean("\($0.key)=\($0.value)") }
        face = Face(bot.state)
        desired = bot.desired.map { Words.clean($0) } ?? "–"
        deployed = bot.isObserved ? bot.deployed.map { Words.clean($0) } ?? "nothing" : "not known"
        differs = bot.isObserved && bot.desired != nil && bot.deployed != bot.desired
        guardName = bot.guard?.rawValue ?? ""
        message = Words.clean(bot.message)
        since = Moment(bot.since)
    }
}
