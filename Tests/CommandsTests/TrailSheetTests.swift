import ArgumentParser
import Domain
import Foundation
import Support
import Testing

@testable import Commands

@Suite("The trail as a sheet")
struct TrailSheetTests {
    @Test(
        "what a spreadsheet would run is a text",
        arguments: ["=1+1", "+1", "-1", "@SUM(A1)", "  =1", "\t=1", "＝1", "|calc", "%x"])
    func formulas(_ text: String) {
        #expect(TrailSheet.cell(text).hasPrefix("'"))
        #expect(TrailSheet.cell("a" + text).hasPrefix("a"))
    }

    @Test("what would run only when it is quoted is one cell")
    func quoting() {
        #expect(TrailSheet.cell("a,b") == "\"a,b\"")
        #expect(TrailSheet.cell("say \"hi\"") == "\"say \"\"hi\"\"\"")
        #expect(TrailSheet.cell("=a,\"b\"") == "\"'=a,\"\"b\"\"\"")
        #expect(TrailSheet.cell("two\r\nlines\u{0}\u{1B}[2J") == "two  lines[2J")
        #expect(TrailSheet.cell("") == "")
    }

    @Test("columns are those of the help")
    func columns() {
        let record = JSONValue.object([
            "chain": .object(["index": .integer(7), "hash": .string("ab")]), "auditTimestamp": .string("T"),
            "type": .string("drift.detected"), "botId": .null, "detail": .string("seen"),
            "drift": .object(["desired": .string("v_1"), "deployed": .string("v_2")]),
        ])
        let names = TrailSheet.header.dropLast().split(separator: ",").map(String.init)
        let cells = TrailSheet.row(record).dropLast().split(separator: ",", omittingEmptySubsequences: false)
        #expect(names == TrailSheet.columns.map(\.name) && cells.count == names.count)
        let row = Dictionary(uniqueKeysWithValues: zip(names, cells.map(String.init)))
        #expect(row["index"] == "7" && row["desired"] == "v_1" && row["deployed"] == "v_2" && row["message"] == "seen")
        #expect(AuditExportCommand.configuration.discussion.contains(names.joined(separator: ", ")))
        #expect(TrailSheet.row(record).hasSuffix("\r\n"))
    }

    @Test("another reader finds the same cells", .enabled(if: Verifiers.has("csv"), "needs python3"))
    func python() async throws {
        let texts = ["plain", "=1+1", "a,b", "\"", "\"\"", ",", "two\nlines", "ü€😀", "'", " ", "\";=1,\"", "x\r"]
        var sheet = TrailSheet.header
        for text in texts {
            sheet += TrailSheet.row(
                .object(["message": .string(text), "reason": .string(text), "decidedBy": .string("me")]))
        }
        let script = """
            import csv, io, json, sys
            text = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", newline="")
            print(json.dumps([[r["message"], r["reason"], r["decidedBy"]] for r in csv.DictReader(text, strict=True)]))
            """
        let output = try await Verifiers.run(script, input: Array(sheet.utf8))
        let rows = try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [[String]])
        let expected = texts.map { text -> [String] in
            let cell = text.replacing("\n", with: " ").replacing("\r", with: " ")
            let shown = cell.hasPrefix("=") ? "'" + cell : cell
            return [shown, shown, "me"]
        }
        #expect(rows == expected)
    }
}
