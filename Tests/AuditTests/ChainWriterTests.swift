import Domain
import Testing

@testable import Audit

@Suite struct ChainWriterTests {
    private func draft(
        _ fields: [String: JSONValue] = [:], at milliseconds: Int64 = 0, noted: Bool = false, closes: Bool = false
    ) -> AuditDraft {
        AuditDraft(
            fields: fields, at: Timestamp(milliseconds: milliseconds), bot: nil, rolloutId: nil,
            notedOn: noted ? CommitID("aa") : nil, closesSteps: closes)
    }

    /// The expected lines were made by another implementation (Python's json and hashlib).
    @Test func theBytesOfARecordAreFixed() throws {
        var writer = ChainWriter(head: ChainHead(id: "c1"))
        let first = try writer.append(
            draft(["message": .string("Grüße €"), "ok": .bool(true)], at: 1_795_341_600_005))
        #expect(first.line == Golden.first)
        let second = try writer.append(
            draft(["latencyMs": .number(12.5)], at: -1, noted: true, closes: true), firstStep: 1)
        #expect(second.line == Golden.second)
        #expect(second.index == 2)
    }

    @Test func recordsContinueEachOtherAndNotedOnesAreChainedAmongThemselves() throws {
        let records = try Trail().lines.map { try #require(AuditLineKind(Array($0.line.utf8)).record) }
        #expect(records.allSatisfy { $0.isGenuine })
        #expect(records.map(\.chain.index) == (1...60).map(Int64.init))
        #expect(records[0].chain.previous == SHA256Hex.zeros)
        for (one, next) in zip(records, records.dropFirst()) { #expect(next.chain.previous == one.chain.hash) }
        let noted = records.filter { $0.note != nil }
        #expect(noted.map { $0.note?.index } == (1...15).map(Int64.init))
        #expect(noted[0].note?.previous == SHA256Hex.zeros)
        for (one, next) in zip(noted, noted.dropFirst()) { #expect(next.note?.previous == one.chain.hash) }
        #expect(noted[2].value["steps"] == .object(["first": .integer(9), "last": .integer(12)]))
        #expect(records.allSatisfy { $0.value["complianceTag"]?.text == "GOVERNANCE_ROLLBACK_EVENT" })
    }

    /// An engine's field never takes the place of the chain's own members.
    @Test func membersOfTheChainCannotBeForged() throws {
        var writer = ChainWriter(head: ChainHead(id: "c1"))
        let line = try writer.append(draft(["chain": .string("x"), "v": .integer(7), "complianceTag": .null]))
        let record = try #require(AuditLineKind(Array(line.line.utf8)).record)
        #expect(record.isGenuine && record.chain.index == 1 && record.value["v"] == .integer(1))
    }

    @Test func largePartsAreReplacedByTheirDigests() throws {
        let long = String(repeating: "x", count: 5000)
        let fields: [String: JSONValue] = [
            "type": .string("step"), "request": .object(["path": .string("/a"), "body": .string(long)]),
            "guards": .array((0..<13).map { .object(["guard": .string("g\($0)"), "detail": .string("fine")]) }),
        ]
        var writer = ChainWriter(head: ChainHead(id: "c1"))
        let line = try writer.append(draft(fields)).line
        let value = try CanonicalJSON.parse(Array(line.utf8))
        #expect(line.utf8.count <= ChainWriter.maxLineBytes)
        #expect(value["guards"] == fields["guards"])
        #expect(value["request"]?["path"]?.text == "/a")
        let bytes = try CanonicalJSON.bytes(.string(long))
        #expect(
            value["request"]?["body"]
                == .object(["sha256": .string(SHA256Hex.of(bytes)), "bytes": .integer(Int64(bytes.count))]))
    }

    @Test(arguments: [1, 3, 40, 400, 4000]) func everyRecordFitsItsLine(_ parts: Int) throws {
        var writer = ChainWriter(head: ChainHead(id: "c1"))
        for size in [1, 90, 130, 500, 4000, 70_000] where parts * size < 500_000 {
            let text = String(repeating: "é\n", count: size / 2)
            let list = JSONValue.array((0..<parts).map { .object(["n": .integer(Int64($0)), "t": .string(text)]) })
            let flat = Dictionary(uniqueKeysWithValues: (0..<parts).map { ("field\($0)", JSONValue.string(text)) })
            for fields in [["list": list], flat] {
                let one = try writer.append(draft(fields, noted: true))
                #expect(one.line.utf8.count <= ChainWriter.maxLineBytes)
                #expect(AuditLineKind(Array(one.line.utf8)).record?.isGenuine == true)
            }
        }
    }

    @Test func theSameRecordIsMadeTheSame() throws {
        let fields = Dictionary(
            uniqueKeysWithValues: (0..<60).map { ("f\($0)", JSONValue.string(String(repeating: "y", count: 200))) })
        var one = ChainWriter(head: ChainHead(id: "c1"))
        var other = ChainWriter(head: ChainHead(id: "c1"))
        #expect(try one.append(draft(fields)) == other.append(draft(fields)))
    }

    /// An observation that is no number must not keep a step from being recorded.
    @Test func aNumberThatJSONLacksStandsAsUnknown() throws {
        var writer = ChainWriter(head: ChainHead(id: "c1"))
        let line = try writer.append(draft(["latencyMs": .number(.nan), "kept": .number(0.5)])).line
        let value = try CanonicalJSON.parse(Array(line.utf8))
        #expect(value["latencyMs"] == .null && value["kept"] == .number(0.5))
    }
}
