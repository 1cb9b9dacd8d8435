import Domain
import Testing

struct GlobTests {
    @Test(arguments: [
        ("teams/orders/**", "teams/orders/a.yaml", true), ("teams/orders/**", "teams/orders/x/y/a.yaml", true),
        ("teams/orders/**", "teams/ordersx/a.yaml", false), ("teams/orders/**", "a/teams/orders/a.yaml", false),
        ("**/a.yaml", "a.yaml", true), ("**/a.yaml", "x/y/a.yaml", true), ("**", "x/y", true), ("*", "x/y", false),
        ("*.yaml", "a.yaml", true), ("teams/*/a.yaml", "teams/orders/a.yaml", true),
        ("teams/*/a.yaml", "teams/x/y/a.yaml", false), ("teams/?/a", "teams/x/a", true),
        ("teams/?/a", "teams/xy/a", false),
        ("a/**/b/**/c", "a/x/b/y/z/c", true), ("a/**/b/**/c", "a/x/y/z/c", false), ("", "a", false),
        ("/teams/**", "teams/a", true), ("teams", "teams/a", false), ("teams/**", "teams", true),
    ])
    func paths(pattern: String, path: String, expected: Bool) {
        #expect(Glob.matches(path: pattern, path) == expected)
    }

    @Test(arguments: [
        ("bot_1*", "bot_12345", true), ("bot_1*", "bot_2", false), ("*", "", true), ("*", "a/b", true),
        ("?", "ü", true),
        ("?", "", false), ("a*b*c", "aXbYc", true), ("a*b*c", "aXcYb", false), ("rollout.*", "rollout.failed", true),
        ("rollout.*", "rollout", false), ("a**b", "axxb", true), ("[ab]", "a", false), ("A", "a", false),
    ])
    func ids(pattern: String, id: String, expected: Bool) {
        #expect(Glob.matches(id: pattern, id) == expected)
    }

    @Test(.timeLimit(.minutes(1))) func aHostilePatternCostsLittle() {
        let pattern = String(repeating: "*a", count: 500) + "b"
        let text = String(repeating: "a", count: 4000)
        #expect(!Glob.matches(id: pattern, text))
        #expect(!Glob.matches(path: String(repeating: "**/a/", count: 200) + "b", String(repeating: "a/", count: 400)))
    }
}
