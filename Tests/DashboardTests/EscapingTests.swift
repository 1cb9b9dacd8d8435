import Dashboard
import Domain
import Foundation
import Testing

@Suite("Nothing from outside becomes markup")
struct EscapingTests {
    @Test(
        "elements, attributes and entities are shown as text, on every page",
        arguments: [
            "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'\" onmouseover='alert(1)",
            "</main></body>",
            "&lt;script&gt;", "{{title}}{{{main}}}", "javascript:alert(1)",
        ])
    func markup(text: String) throws {
        for (mild, hostile) in zip(try Gallery.pages("plain"), try Gallery.pages(text)) {
            let elements = ["script", "img", "svg", "a", "input", "main", "title", "body", "q", "bdi"]
            for name in elements {
                let pattern = try Regex("</?\(name)[ >]")
                #expect(
                    hostile.html.matches(of: pattern).count == mild.html.matches(of: pattern).count,
                    "\(name) on page \(hostile.name)")
            }
            #expect(attributes(hostile.html) == attributes(mild.html), "page \(hostile.name)")
        }
    }

    @Test("a combining mark behind a quotation mark does not smuggle it out of an attribute")
    func combiningMarks() throws {
        let text = "x\"\u{301} autofocus onfocus=alert(1) y'\u{338}<\u{338}b>"
        for (mild, hostile) in zip(try Gallery.pages("plain"), try Gallery.pages(text)) {
            #expect(attributes(hostile.html) == attributes(mild.html), "page \(hostile.name)")
            #expect(!hostile.html.unicodeScalars.elementsEqual(mild.html.unicodeScalars))
            #expect(!Array(hostile.html.utf8).contains(sequence: Array("x\"\u{301}".utf8)), "page \(hostile.name)")
        }
    }

    @Test("control and bidirectional characters are gone, whoever stored them")
    func invisible() throws {
        for page in try Gallery.pages("a\u{202E}b\u{2066}c\u{200B}d\u{7}e\u{0}f\u{FEFF}") {
            let found = page.html.unicodeScalars.filter { scalar in
                [.control, .format].contains(scalar.properties.generalCategory) && scalar != "\n"
            }
            #expect(found.isEmpty, "page \(page.name)")
        }
    }

    @Test("a huge text is cut")
    func huge() throws {
        for page in try Gallery.pages(String(repeating: "x", count: 200_000)) {
            #expect(page.html.utf8.count < 120_000, "page \(page.name): \(page.html.utf8.count)")
        }
    }

    @Test("links of hostile names stay on this server and name the same thing")
    func links() throws {
        let key = BotKey(platform: "a/../b", botId: "c?d#e", environment: "\"f\u{301}")
        let link = Link.bot(key)
        let parts = link.split(separator: "/")
        #expect(parts.count == 4)
        #expect(parts.dropFirst().map { $0.removingPercentEncoding } == ["a/../b", "c?d#e", "\"f\u{301}"])
        #expect(link.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") })
    }

    @Test(
        "after signing in a browser goes nowhere else",
        arguments: [
            "//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/a\nb", "", "evil",
            "/ä",
            "/\t/evil.example",
        ])
    func next(text: String) { #expect(Link.local(text) == "/") }

    @Test("after signing in it goes where it wanted to") func ownNext() {
        #expect(Link.local("/bots/a/b/c?x=%20#y") == "/bots/a/b/c?x=%20#y")
    }

    /// Names of attributes outside of their values, with how often they stand there.
    private func attributes(_ html: String) -> [String: Int] {
        var found: [String: Int] = [:]
        var rest = html[...]
        while let open = rest.firstIndex(of: "<") {
            rest = rest[rest.index(after: open)...]
            guard rest.first?.isLetter == true else { continue }
            var isQuoted = false
            var name = ""
            for character in String(rest).unicodeScalars {
                if character == "\"" { isQuoted.toggle() }
                if isQuoted { continue }
                if character == ">" { break }
                if character == "=" {
                    found[name.split(separator: " ").last.map(String.init) ?? "", default: 0] += 1
                    name = ""
                } else {
                    name.unicodeScalars.append(character)
                }
            }
        }
        return found
    }
}

extension Array where Element == UInt8 {
    fileprivate func contains(sequence: [UInt8]) -> Bool {
        firstRange(of: sequence) != nil
    }
}
