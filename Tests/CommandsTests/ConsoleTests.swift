import Domain
import Testing

@testable import Commands

@Suite("Tables and widths")
struct ConsoleTests {
    @Test(
        "a text takes the columns of a terminal",
        arguments: [("abc", 3), ("日本", 4), ("é", 1), ("e\u{301}", 1), ("👩‍👩‍👧", 2), ("", 0), ("→", 1), ("한", 2)])
    func width(text: String, width: Int) { #expect(DisplayWidth.of(text) == width) }

    @Test("columns are aligned by what is seen, and no line ends with blanks")
    func alignment() {
        var table = Table(header: ["NAME", "STATE", "MESSAGE"])
        table.rows = [["日本", "in-sync", ""], ["order-support", "held", "why"]]
        #expect(
            table.text(colors: false) == """
                NAME           STATE    MESSAGE
                日本           in-sync
                order-support  held     why

                """)
    }

    @Test("text from outside can't move the cursor or break the line")
    func hostile() {
        var table = Table(header: [])
        table.rows = [[.init("a\u{1B}[2Jb\nc\u{202E}d")]]
        #expect(table.text(colors: false) == "a[2Jb cd\n")
    }

    @Test("colours stand around the text, not around the blanks")
    func colours() {
        var table = Table(header: [])
        table.rows = [[.init("ok", .green), .init("fine")], [.init("FAIL", .red), .init("bad")]]
        #expect(table.text(colors: true) == "\u{1B}[32mok\u{1B}[0m    fine\n\u{1B}[31mFAIL\u{1B}[0m  bad\n")
        #expect(table.text(colors: false) == "ok    fine\nFAIL  bad\n")
    }

    @Test("NO_COLOR and dumb terminals are respected")
    func noColor() {
        #expect(!Console.standard(["NO_COLOR": "1"]).hasColors)
        #expect(!Console.standard(["TERM": "dumb"]).hasColors)
    }

    @Test("times to the second, in UTC")
    func times() {
        #expect(TimeText.of(Sample.time) == "2026-11-22 10:00:00Z")
        #expect(TimeText.between(Sample.time, Sample.time.advanced(by: .milliseconds(323))) == "323ms")
        #expect(TimeText.between(Sample.time, Sample.time.advanced(by: .milliseconds(61_500))) == "1m1s")
        #expect(TimeText.between(Sample.time, nil) == "-")
    }

    @Test("paths as people write them")
    func paths() {
        let here = Surroundings(environment: [:], folder: "/srv/bots")
        #expect(here.absolute(".") == "/srv/bots")
        #expect(here.absolute("../x/./y") == "/srv/x/y")
        #expect(here.absolute("/../etc/") == "/etc")
        #expect(here.shown("/srv/bots/ballast.yaml") == "ballast.yaml")
        #expect(here.shown("/srv/other") == "/srv/other")
    }
}
