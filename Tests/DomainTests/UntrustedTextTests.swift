import Domain
import Testing

@Suite("Invariant 15: text from outside is cut, and stripped of control characters and secrets")
struct UntrustedTextTests {
    @Test(
        "what could act on a terminal or on the order of text is taken away",
        arguments: [
            ("plain, é, 漢字, 😀", "plain, é, 漢字, 😀"), ("a\u{1b}[31mb", "a[31mb"), ("a\u{202e}b\u{2066}c\u{200f}", "abc"),
            ("a\nb\r\nc\td", "a b  c d"), ("a\u{2028}b\u{2029}c", "a b c"), ("\u{0}\u{7f}\u{9b}x", "x"),
            ("a\u{200b}b\u{feff}c\u{ad}", "abc"), ("\u{e0041}x\u{e000}", "x"), ("\u{fffe}x", "x"), ("", ""),
        ])
    func cleaned(text: String, expected: String) {
        #expect(UntrustedText.cleaned(text) == expected)
    }

    @Test("secrets are gone, also where characters were hidden inside them, and before the cut")
    func secrets() {
        #expect(UntrustedText.cleaned("a key-1 b key-1", secrets: ["key-1"]) == "a *** b ***")
        #expect(UntrustedText.cleaned("ke\u{200b}y-\u{0}1", secrets: ["key-1"]) == "***")
        #expect(UntrustedText.cleaned("x key-1234", secrets: ["key-1234"], maxCharacters: 5) == "x ***")
        #expect(UntrustedText.cleaned("clé-éé!", secrets: ["clé-éé"]) == "***!")
        // Too short to be told from ordinary words.
        #expect(UntrustedText.cleaned("a b a", secrets: ["a", ""]) == "a b a")
    }

    @Test("secrets are taken out; short ones and line breaks stay")
    func hiding() {
        let secrets = ["token-of-the-forge", "token", "abc"]
        #expect(UntrustedText.hiding(secrets, in: "a\nabc token-of-the-forge token") == "a\nabc *** ***")
        #expect(UntrustedText.hiding([], in: "token") == "token")
    }

    @Test("the cut counts scalars, so that piled-up marks do not pass")
    func cut() {
        #expect(UntrustedText.cleaned("abcdef", maxCharacters: 6) == "abcdef")
        #expect(UntrustedText.cleaned("abcdefg", maxCharacters: 6) == "abcde…")
        let marks = "a" + String(repeating: "\u{301}", count: 10_000)
        #expect(UntrustedText.cleaned(marks, maxCharacters: 10).unicodeScalars.count == 10)
    }

    @Test(
        "names are taken whole or not at all",
        arguments: [
            ("bot_1", true), ("Äpfel 1", true), ("", false), ("a\nb", false), ("a\tb", false), ("a\u{202e}", false),
            ("12345678", true), ("123456789", false), ("éééé", true), ("ééééé", false),
        ])
    func names(name: String, plain: Bool) {
        #expect(UntrustedText.isPlain(name, maxBytes: 8) == plain)
    }
}
