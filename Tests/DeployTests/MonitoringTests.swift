import Domain
import Foundation
import Support
import Testing

@Suite struct MonitoringTests {
    static let rules = "ballast.rules.yaml"
    static let tests = "ballast.rules.test.yaml"

    @Test(.enabled(if: DeployFolder.has("promtool"), "needs promtool"))
    func `the alert rules are rules`() async throws {
        let output = try await DeployFolder.check("promtool", ["check", "rules", Self.rules], in: "prometheus")
        #expect(output.succeeded, "\(output)")
    }

    @Test(.enabled(if: DeployFolder.has("promtool"), "needs promtool"))
    func `the alert rules fire when they should, and only then`() async throws {
        let output = try await DeployFolder.check("promtool", ["test", "rules", Self.tests], in: "prometheus")
        #expect(output.succeeded, "\(output)")
    }

    @Test func `each alert is tested firing and silent`() throws {
        let groups = try DeployFolder.yaml("prometheus/\(Self.tests)")["tests"] as? [Any] ?? []
        let cases = groups.flatMap { group -> [Any] in member(group, "alert_rule_test") as? [Any] ?? [] }
        var firing: Set<String> = []
        var silent: Set<String> = []
        for one in cases {
            let name = try #require(member(one, "alertname") as? String)
            let isSilent = (member(one, "exp_alerts") as? [Any] ?? []).isEmpty
            if isSilent { silent.insert(name) } else { firing.insert(name) }
        }
        let alerts = Set(try Expression.rules().map(\.place))
        #expect(alerts.count >= 10)
        #expect(firing == alerts)
        #expect(silent == alerts)
    }

    @Test(.enabled(if: DeployFolder.has("promtool"), "needs promtool"))
    func `the dashboard's expressions are expressions`() async throws {
        try await withTemporaryFolder { folder in
            var text = "groups:\n  - name: dashboard\n    rules:\n"
            for (number, one) in try Expression.dashboard().enumerated() {
                let expression = one.text.replacing("$__rate_interval", with: "5m").replacing("$job", with: "ballast")
                let quoted = expression.replacing("'", with: "''")
                text += "      - {record: 'panel:\(number)', expr: '\(quoted)'}\n"
            }
            let file = try folder.write(text, to: "dashboard.yaml")
            let output = try await DeployFolder.check("promtool", ["check", "rules", file])
            #expect(output.succeeded, "\(output)")
        }
    }

    @Test func `rules and dashboard name metrics that exist, and the dashboard shows all of them`() throws {
        let known = try MetricNames.documented()
        #expect(known.count >= 19)
        for one in try Expression.rules() + Expression.dashboard() {
            let named = try MetricNames.families(in: one.text)
            #expect(named.isSubset(of: known), "\(one.place): \(named.subtracting(known))")
        }
        let shown = try Expression.dashboard().reduce(into: Set<String>()) {
            $0.formUnion(try MetricNames.families(in: $1.text))
        }
        #expect(known.subtracting(shown).isEmpty)
    }

    @Test func `rules and dashboard name states and outcomes that exist`() throws {
        for one in try Expression.rules() + Expression.dashboard() {
            for value in try MetricNames.values(of: "state", in: one.text) {
                #expect(BotCondition.State(rawValue: value) != nil, "\(one.place): \(value)")
            }
            for value in try MetricNames.values(of: "outcome", in: one.text) {
                #expect(Outcome(rawValue: value) != nil, "\(one.place): \(value)")
            }
        }
    }

    @Test func `no panel lies over another, and each has a number of its own`() throws {
        let bytes = try Data(contentsOf: URL(filePath: DeployFolder.path("grafana/ballast.json")))
        let panels = member(try JSONSerialization.jsonObject(with: bytes), "panels") as? [Any] ?? []
        var taken: Set<[Int]> = []
        var numbers: Set<Int> = []
        for panel in panels {
            #expect(numbers.insert(try #require(member(panel, "id") as? Int)).inserted)
            let place = member(panel, "gridPos")
            let (x, y) = (try #require(member(place, "x") as? Int), try #require(member(place, "y") as? Int))
            let (width, height) = (try #require(member(place, "w") as? Int), try #require(member(place, "h") as? Int))
            #expect(x + width <= 24)
            for column in x..<(x + width) {
                for line in y..<(y + height) { #expect(taken.insert([column, line]).inserted, "panel at \(x), \(y)") }
            }
        }
    }
}
