import Foundation
import Support
import Testing

/// The operating guide says what is so.
@Suite struct GuideTests {
    @Test(arguments: ["README.md", "../README.md"])
    func `every link leads somewhere`(document: String) throws {
        let text = try DeployFolder.text(document)
        let folder = URL(filePath: DeployFolder.path(document)).deletingLastPathComponent()
        let link = try Regex(#"\]\(([^)\s]+)\)"#)
        for match in text.matches(of: link) {
            let target = String(match[1].substring ?? "")
            if target.hasPrefix("https://") { continue }
            let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let file = parts[0].isEmpty ? DeployFolder.path(document) : folder.appending(path: parts[0]).path
            #expect(FileManager.default.fileExists(atPath: file), "\(target)")
            guard parts.count > 1 else { continue }
            let there = String(decoding: try Data(contentsOf: URL(filePath: file)), as: UTF8.self)
            #expect(anchors(there).contains(parts[1]), "\(target)")
        }
    }

    /// As the forges make them of headings.
    private func anchors(_ text: String) -> Set<String> {
        Set(
            text.split(separator: "\n").filter { $0.hasPrefix("#") }.map { line in
                let title = line.drop { $0 == "#" }.dropFirst().lowercased()
                return String(title.filter { $0.isLetter || $0.isNumber || $0 == "-" || $0 == " " })
                    .replacing(" ", with: "-")
            })
    }

    /// The commands in the guide's blocks, without their comments.
    private func commands() throws -> [String] {
        var isCode = false
        var found: [String] = []
        for line in try DeployFolder.text("README.md").split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                isCode.toggle()
                continue
            }
            guard isCode else { continue }
            found.append(String(line.prefix { $0 != "#" }).trimmingCharacters(in: .whitespaces))
        }
        return found
    }

    @Test func `the guide calls verbs that there are, with options that they have`() async throws {
        let program = try Regex(#"^ballast(?:-beside)? "#)
        let calls = try commands().filter { $0.prefixMatch(of: program) != nil }
        #expect(calls.count >= 10)
        for call in calls {
            let words = call.split(separator: " ").dropFirst().map(String.init)
            let plain = words.prefix { $0.allSatisfy { $0.isLowercase && $0.isLetter } }
            let verb =
                ["state", "audit", "notifications"].contains(plain.first ?? "") ? plain.prefix(2) : plain.prefix(1)
            let help = try await runProcess(try BuiltProducts.ballast(), Array(verb) + ["--help"])
            #expect(
                help.succeeded && help.standardOutput.contains("USAGE: ballast \(verb.joined(separator: " "))"),
                "\(call)")
            for option in words where option.hasPrefix("--") {
                #expect(help.standardOutput.contains(option), "\(call): \(option)")
            }
        }
    }

    @Test func `the guide installs files that there are`() throws {
        for command in try commands() {
            for word in command.split(separator: " ") where word.hasPrefix("deploy/") {
                #expect(FileManager.default.fileExists(atPath: DeployFolder.root + word), "\(command)")
            }
        }
    }
}
