import Domain
import Testing

@testable import Dashboard

@Suite("The fleet at a glance")
struct FleetTests {
    private func fleet(_ states: [BotCondition.State]) -> FleetSnapshot {
        var fleet = FleetSnapshot()
        fleet.bots = states.enumerated().map { index, state in
            FleetBot(Sample.record("bot-\(index)", id: "id_\(index)", state: state))
        }
        return fleet
    }

    @Test(
        "the headline says the gravest thing",
        arguments: [
            ([], "No bot is managed yet.", "calm"), ([.inSync], "The one bot is in sync.", "good"),
            ([.inSync, .inSync, .unmanaged], "All 2 bots are in sync.", "good"),
            ([.inSync, .waiting], "1 of 2 bots is on its way.", "move"),
            ([.inSync, .drifted, .waiting], "1 of 3 bots is not known to be as git says.", "warn"),
            ([.unknown, .unknown, .inSync], "2 of 3 bots are not known to be as git says.", "warn"),
            ([.blocked, .drifted, .inSync], "1 of 3 bots needs a person.", "stop"),
            ([.degraded, .invalid, .inSync], "2 of 3 bots need a person.", "fail"),
            ([.suspended], "All bots are set aside.", "calm"),
        ] as [([BotCondition.State], String, String)])
    func headline(states: [BotCondition.State], text: String, tone: String) {
        let view = FleetView(fleet(states), query: FleetQuery())
        #expect(view.headline == text)
        #expect(view.headlineTone == tone)
    }

    @Test("every state is counted in exactly one group") func groups() {
        for state in BotCondition.State.allCases {
            #expect(StateGroup.allCases.filter { $0.states.contains(state) }.count == 1, "\(state)")
        }
        let view = FleetView(fleet(BotCondition.State.allCases), query: FleetQuery())
        #expect(view.counts.compactMap { Int($0.number) }.reduce(0, +) == BotCondition.State.allCases.count)
    }

    @Test("what needs a person stands first, then by name") func order() {
        let view = FleetView(fleet([.inSync, .waiting, .degraded, .inSync, .blocked]), query: FleetQuery())
        #expect(view.rows.map(\.name) == ["bot-2", "bot-4", "bot-1", "bot-0", "bot-3"])
    }

    @Test("ten thousand bots are paged, each on one page") func paging() {
        let fleet = fleet(Array(repeating: .inSync, count: 10_000))
        var query = FleetQuery()
        var seen: [String] = []
        repeat {
            let view = FleetView(fleet, query: query)
            seen += view.rows.map(\.name)
            #expect(view.rows.count == FleetQuery.botsPerPage)
            #expect(view.previous.isEmpty == (query.page == 1))
            guard view.following.first != nil else { break }
            query.page += 1
        } while true
        #expect(seen.count == 10_000)
        #expect(Set(seen).count == 10_000)
        query.page = 1_000_000
        #expect(FleetView(fleet, query: query).rows.count == FleetQuery.botsPerPage)
    }

    @Test("a filter by group, state, name, id and label") func filter() {
        var fleet = FleetSnapshot()
        fleet.bots = [
            FleetBot(Sample.record("Order-support", id: "b1", state: .held, labels: ["team": "orders", "tier": "1"])),
            FleetBot(Sample.record("claims", id: "orders_2", state: .invalid, labels: ["team": "claims"])),
            FleetBot(Sample.record("faq", id: "b3", state: .inSync, labels: [:])),
        ]
        func names(_ values: [String: String]) -> [String] {
            FleetQuery { values[$0] }.found(in: fleet.bots).map(\.name).sorted()
        }
        #expect(names(["state": "stopped"]) == ["Order-support", "claims"])
        #expect(names(["state": "held"]) == ["Order-support"])
        #expect(names(["name": " ORDER "]) == ["Order-support", "claims"])
        #expect(names(["label": "team=orders"]) == ["Order-support"])
        #expect(names(["label": "team"]) == ["Order-support", "claims"])
        #expect(names(["label": "team="]) == [])
        #expect(names(["state": "nonsense"]).count == 3)
        #expect(names(["state": "in-sync", "name": "claims"]) == [])
    }

    @Test("a page's link keeps the filter") func links() {
        let query = FleetQuery { ["state": "held", "name": "a b", "label": "team=x&y", "page": "2"][$0] }
        #expect(query.with { $0.page += 1 } == "/?state=held&name=a%20b&label=team%3Dx%26y&page=3")
    }

    @Test("nothing deployed, not known and different are three things") func deployed() {
        var unknown = Sample.record(state: .unknown)
        unknown.observed = nil
        let nothing = Sample.record(state: .progressing, deployed: nil)
        let other = Sample.record(state: .drifted, deployed: "v5")
        let rows = [unknown, nothing, other].map { FleetView.Row(FleetBot($0)) }
        #expect(rows.map(\.deployed) == ["not known", "nothing", "v5"])
        #expect(rows.map(\.differs) == [false, true, true])
    }
}
