import Foundation
import Support
import Testing

/// The faults that the simulation has to notice (`Tests/Mutations/run` puts them in one by one, which takes long): each still
/// fits the product as it is now, and was noticed.
@Suite struct MutationTests {
    static let folder = TidyTests.root.appendingPathComponent("Tests/Mutations")

    private static func patches() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".patch") }.sorted()
    }

    @Test func everyFaultStillApplies() async throws {
        let patches = try Self.patches()
        #expect(patches.count >= 48)
        for patch in patches {
            let path = Self.folder.appendingPathComponent(patch).path
            let output = try await runProcess("git", ["apply", "--check", path], in: TidyTests.root.path)
            #expect(output.succeeded, "\(patch) does not apply any more: \(output.standardError)")
        }
    }

    @Test func everyFaultSaysWhatItBreaksAndWhoNotices() throws {
        for patch in try Self.patches() {
            let text = try String(contentsOf: Self.folder.appendingPathComponent(patch), encoding: .utf8)
            let lines = text.split(separator: "\n").prefix(2)
            #expect(lines.allSatisfy { $0.hasPrefix("# ") }, "\(patch) does not begin with two lines of comment")
            #expect(lines.last?.contains("nvariant") == true, "\(patch) names no invariant")
        }
    }

    @Test func everyFaultWasNoticed() throws {
        let record = try String(contentsOf: Self.folder.appendingPathComponent("caught.tsv"), encoding: .utf8)
        let lines = record.split(separator: "\n").map { $0.split(separator: "\t") }
        #expect(
            lines.allSatisfy { $0.count == 3 && UInt64($0[1]) != nil && Int($0[2]) != nil }, "name, seed, invariant")
        let noticed = Set(lines.compactMap(\.first).map { "\($0).patch" })
        let patches = Set(try Self.patches())
        #expect(patches.subtracting(noticed).isEmpty, "were never noticed; see Tests/Mutations/run")
        #expect(noticed.subtracting(patches).isEmpty, "are on record and do not exist")
    }
}
