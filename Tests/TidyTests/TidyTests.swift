import Foundation
import Support
import Testing

/// What can be checked of the house itself.
@Suite struct TidyTests {
    /// Which of our own modules each target may import; what is not listed here may not exist.
    static let arrows: [String: Set<String>] = [
        "CAllocator": [], "CGitShim": [], "CLibgit2": [],
        "Domain": [],
        "Documents": ["Domain"],
        "Git": ["CLibgit2", "CGitShim"],
        "Source": ["Domain", "Documents", "Git"],
        "Exchange": ["Domain"],
        "Platforms": ["Domain", "Exchange"],
        "Audit": ["Domain"],
        "Store": ["Domain", "Audit"],
        "Notifications": ["Domain", "Exchange"],
        "Live": ["CAllocator", "Domain"],
        "Reconciler": ["Domain"],
        "Wire": ["Domain"],
        "Dashboard": ["Domain"],
        "Server": ["Domain", "Wire", "Reconciler", "Dashboard"],
        "Simulator": ["Domain"],
        "Commands": [
            "Domain", "Documents", "Git", "Source", "Exchange", "Platforms", "Audit", "Store", "Notifications", "Live",
            "Reconciler", "Wire", "Dashboard", "Server", "Simulator",
        ],
        "ballast": ["Commands", "Git"],
    ]
    static let maxFileLines = 300

    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private struct SourceFile {
        var path: String
        var target: String
        var lines: [String]
    }

    private func sources(below folder: String) throws -> [SourceFile] {
        let base = Self.root.appendingPathComponent(folder)
        let found = try #require(FileManager.default.enumerator(at: base, includingPropertiesForKeys: nil))
        return try found.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }.map { url in
            let path = String(url.path.dropFirst(Self.root.path.count + 1))
            let text = try String(contentsOf: url, encoding: .utf8)
            return SourceFile(
                path: path, target: path.split(separator: "/").dropFirst().first.map(String.init) ?? "",
                lines: text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
        }
    }

    @Test func everyTargetIsOnTheMap() throws {
        let folders = try FileManager.default.contentsOfDirectory(
            atPath: Self.root.appendingPathComponent("Sources").path)
        #expect(Set(folders).subtracting(["ARCHITECTURE.md"]) == Set(Self.arrows.keys))
    }

    @Test func importsFollowTheArrows() throws {
        for file in try sources(below: "Sources") {
            let allowed = try #require(Self.arrows[file.target], "\(file.target) is no target")
            for line in file.lines {
                var words = line.split(separator: " ").map(String.init)
                words.removeAll { ["package", "public", "internal", "@testable"].contains($0) }
                guard words.first == "import", words.count == 2 else { continue }
                if Self.arrows[words[1]] != nil {
                    #expect(allowed.contains(words[1]), "\(file.path) imports \(words[1])")
                } else if file.target == "Domain" {
                    Issue.record("\(file.path) imports \(words[1]); Domain imports nothing")
                }
            }
        }
    }

    /// `product` names eighteen things that must hold whatever happens; a reader finds the tests of each by its number.
    @Test(arguments: 1...18) func everyInvariantHasASuiteThatNamesIt(_ number: Int) throws {
        let suites = try sources(below: "Tests").flatMap(\.lines).filter {
            $0.contains("@Suite(\"Invariant \(number): ")
        }
        #expect(!suites.isEmpty, "no suite is called \"Invariant \(number): …\"")
    }

    @Test func filesHoldOneIdea() throws {
        for file in try sources(below: "Sources") {
            #expect(file.lines.count <= Self.maxFileLines + 1, "\(file.path) has \(file.lines.count) lines")
        }
    }

    @Test func promisesThatNobodyChecksAreNotMade() throws {
        let banned = [
            "try!", " as! ", "fatalError(", "preconditionFailure(", "nonisolated(unsafe)", "@unchecked Sendable",
        ]
        for file in try sources(below: "Sources") {
            for (number, line) in file.lines.enumerated() {
                for word in banned where line.contains(word) {
                    let isExplained = number > 0 && file.lines[number - 1].contains("//")
                    #expect(isExplained, "\(file.path):\(number + 1): \(word)")
                }
                if file.target != "Commands" {
                    #expect(!line.contains(" print("), "\(file.path):\(number + 1): only Commands prints")
                }
            }
        }
    }

    /// Foundation's decoder ends the process at one depth of nesting: what comes from outside is looked at first.
    @Test func jsonFromOutsideIsCheckedBeforeItIsParsed() throws {
        let outside: Set = ["Exchange", "Platforms", "Notifications", "Server", "Commands"]
        /// These read what Ballast itself wrote.
        let own = ["OpenAPIDocument.swift", "Gathering.swift", "DemoStory.swift"]
        for file in try sources(below: "Sources") where outside.contains(file.target) {
            guard file.lines.contains(where: { $0.contains("JSONDecoder()") || $0.contains("JSONSerialization.") }),
                !own.contains(where: file.path.hasSuffix)
            else { continue }
            #expect(file.lines.contains { $0.contains("JSONNesting.check") }, "\(file.path) parses JSON unchecked")
        }
    }

    @Test func nothingIsLeftForLater() throws {
        let marks = ["TO" + "DO", "FIX" + "ME", "XX" + "X"]
        for file in try sources(below: "Sources") + sources(below: "Tests") {
            for (number, line) in file.lines.enumerated() {
                #expect(!marks.contains(where: line.contains), "\(file.path):\(number + 1)")
            }
        }
    }

    @Test(.enabled(if: BuiltProducts.hasProgram("swift"), "needs the toolchain's formatter"))
    func theFormatterFindsNothing() async throws {
        let output = try await runProcess(
            "swift", ["format", "lint", "--strict", "-r", "Sources", "Tests", "Package.swift"],
            in: Self.root.path, timeout: .seconds(300))
        #expect(output.succeeded, "\(output.standardError)")
    }
}
