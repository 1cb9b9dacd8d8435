import Domain
import Testing

@Suite("JSON from outside, before it is parsed")
struct JSONNestingTests {
    private func isRefused(_ text: String) -> Bool {
        do { try JSONNesting.check(text.utf8) } catch { return true }
        return false
    }

    @Test("depth is counted outside strings, and what was closed does not count")
    func depth() {
        let most = JSONNesting.maxDepth
        #expect(!isRefused(String(repeating: "[", count: most) + String(repeating: "]", count: most)))
        #expect(isRefused(String(repeating: "[", count: most + 1)))
        #expect(isRefused(String(repeating: "{\"a\":", count: most + 1)))
        #expect(!isRefused(String(repeating: "[]", count: 5000)))
        #expect(!isRefused("\"" + String(repeating: "[", count: 5000) + "\""))
        #expect(!isRefused("\"\\\"" + String(repeating: "[", count: 5000) + "\""))
        #expect(isRefused("\"\\\\\"" + String(repeating: "[", count: 5000) + "\""))
        #expect(!isRefused(""))
    }

    @Test("in other encodings quotes and brackets cannot be told, so there are none")
    func encodings() {
        let text = "\u{2200}" + String(repeating: "[", count: 600)
        let bytes = text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        #expect(throws: DecodingError.self) { try JSONNesting.check(bytes) }
        #expect(throws: DecodingError.self) { try JSONNesting.check([0, 0x5B] as [UInt8]) }
    }
}
