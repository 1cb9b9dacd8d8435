import Foundation
import Support
import Testing

/// A short turn of what `deploy/soak` does for as long as one asks.
@Suite("Among misfortunes", .timeLimit(.minutes(3)))
struct SoakTests {
    /// This seed begins with a commit, one that changes nothing, which is then reverted, and a POST whose answer is lost.
    static let seed = "978"

    @Test("the daemon comes to what the branch says, and its trail and events are whole at rest")
    func soak() async throws {
        let output = try await runProcess(
            try BuiltProducts.executable("torment"),
            ["soak", "--minutes", "1", "--bots", "3", "--misfortunes", "8", "--seed", Self.seed],
            timeout: .seconds(150))
        #expect(output.exitCode == 0, "\(output)")
        #expect(output.standardOutput.contains("every promise was kept"), "\(output)")
        #expect(output.standardOutput.contains("at rest: "), "\(output)")
    }
}
