import Domain
import Testing

@testable import Audit

/// RFC 8785 is held to its own examples.
@Suite struct CanonicalJSONTests {
    static let appendixB: [(UInt64, String)] = [
        (0x0000_0000_0000_0000, "0"), (0x8000_0000_0000_0000, "0"), (0x0000_0000_0000_0001, "5e-324"),
        (0x8000_0000_0000_0001, "-5e-324"), (0x7FEF_FFFF_FFFF_FFFF, "1.7976931348623157e+308"),
        (0xFFEF_FFFF_FFFF_FFFF, "-1.7976931348623157e+308"), (0x4340_0000_0000_0000, "9007199254740992"),
        (0xC340_0000_0000_0000, "-9007199254740992"), (0x4430_0000_0000_0000, "295147905179352830000"),
        (0x44B5_2D02_C7E1_4AF5, "9.999999999999997e+22"), (0x44B5_2D02_C7E1_4AF6, "1e+23"),
        (0x44B5_2D02_C7E1_4AF7, "1.0000000000000001e+23"), (0x444B_1AE4_D6E2_EF4E, "999999999999999700000"),
        (0x444B_1AE4_D6E2_EF4F, "999999999999999900000"), (0x444B_1AE4_D6E2_EF50, "1e+21"),
        (0x3EB0_C6F7_A0B5_ED8C, "9.999999999999997e-7"), (0x3EB0_C6F7_A0B5_ED8D, "0.000001"),
        (0x41B3_DE43_5555_5553, "333333333.3333332"), (0x41B3_DE43_5555_5554, "333333333.33333325"),
        (0x41B3_DE43_5555_5555, "333333333.3333333"), (0x41B3_DE43_5555_5556, "333333333.3333334"),
        (0x41B3_DE43_5555_5557, "333333333.33333343"), (0xBECB_F647_612F_3696, "-0.0000033333333333333333"),
        (0x4314_3FF3_C1CB_0959, "1424953923781206.2"),
    ]

    @Test(arguments: appendixB) func numbersOfAppendixB(_ bits: UInt64, _ text: String) throws {
        #expect(try CanonicalJSON.text(.number(Double(bitPattern: bits))) == text)
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity]) func numbersThatJSONLacksAreRefused(_ number: Double) {
        #expect { try CanonicalJSON.text(.array([.number(number)])) } throws: {
            ($0 as? AuditError)?.code == .notFinite
        }
    }

    @Test func integersBeyondDoublesAreWrittenAsDoubles() throws {
        #expect(try CanonicalJSON.text(.integer(9_007_199_254_740_992)) == "9007199254740992")
        #expect(try CanonicalJSON.text(.integer(9_007_199_254_740_993)) == "9007199254740992")
        #expect(try CanonicalJSON.text(.integer(.max)) == "9223372036854776000")
        #expect(try CanonicalJSON.text(.integer(-5)) == "-5")
    }

    @Test func theExampleOfSection32() throws {
        let source = #"""
            {"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
             "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}
            """#
        let value = try JSONText.parse(Array(source.utf8))
        let expected =
            #"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"#
            + #""string":"€$\u000f\nA'B\"\\\\\"/"}"#
        #expect(try CanonicalJSON.text(value) == expected)
    }

    @Test func membersAreSortedByUTF16() throws {
        let names = ["\u{20AC}", "\r", "\u{FB33}", "1", "\u{1F600}", "\u{80}", "\u{F6}"]
        let value = JSONValue.object(Dictionary(uniqueKeysWithValues: names.map { ($0, .null) }))
        let order = ["\\r", "1", "\u{80}", "\u{F6}", "\u{20AC}", "\u{1F600}", "\u{FB33}"]
        #expect(try CanonicalJSON.text(value) == "{" + order.map { "\"\($0)\":null" }.joined(separator: ",") + "}")
    }

    @Test func everyControlCharacterIsEscapedInItsOneForm() throws {
        let short: [UInt32: String] = [8: "\\b", 9: "\\t", 10: "\\n", 12: "\\f", 13: "\\r"]
        for code in UInt32(0)..<0x20 {
            let scalar = try #require(Unicode.Scalar(code))
            let digits = (code < 16 ? "0" : "") + String(code, radix: 16)
            #expect(try CanonicalJSON.text(.string(String(scalar))) == "\"\(short[code] ?? "\\u00\(digits)")\"")
        }
        #expect(try CanonicalJSON.text(.string("\u{7F}/\u{2028}")) == "\"\u{7F}/\u{2028}\"")
    }

    @Test(arguments: [
        "", "{", "[1,]", "{\"a\":1,\"a\":2}", "01", "1.", "+1", "\"\u{1}\"", "\"\\x\"", "\"\\ud800\"", "nul", "1 2",
        "1e999",
        "{\"a\"}", "\"", "-", "\"\\u12\"", "\"\\ud800\\u0041\"",
    ]) func whatIsNoJSONIsRefused(_ text: String) {
        #expect { try JSONText.parse(Array(text.utf8)) } throws: { ($0 as? AuditError)?.code == .notJSON }
    }

    @Test func invalidUTF8AndDeepNestingAreRefused() {
        #expect(throws: AuditError.self) { try JSONText.parse([0x22, 0xFF, 0x22]) }
        let deep = String(repeating: "[", count: 100_000)
        #expect(throws: AuditError.self) { try JSONText.parse(Array(deep.utf8)) }
    }

    @Test(arguments: ["{\"b\":1,\"a\":2}", "{ }", "1.0", "\"\\u0041\"", "-0", "1E2"])
    func anotherFormOfTheSameIsNotCanonical(_ text: String) {
        #expect { try CanonicalJSON.parse(Array(text.utf8)) } throws: { ($0 as? AuditError)?.code == .notCanonical }
    }

    @Test(arguments: ["{}", "[1,2.5,\"a\\nb😀\",{\"x\":{\"y\":[]}},null]", "\"\u{E9}\"", "9223372036854776000"])
    func canonicalTextIsReadBackAndWrittenTheSame(_ text: String) throws {
        #expect(try CanonicalJSON.text(CanonicalJSON.parse(Array(text.utf8))) == text)
    }

    @Test func surrogatePairsAreRead() throws {
        #expect(try JSONText.parse(Array(#""\ud83d\ude00""#.utf8)) == .string("😀"))
    }
}
