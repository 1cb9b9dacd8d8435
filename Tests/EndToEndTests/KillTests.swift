import Foundation
import Support
import Testing

/// The real binary with a real state, a real repository and real sockets, killed where the seed says; `torment crash --kills
/// 1000` does it for longer.
@Suite("Killed at any system call", .timeLimit(.minutes(5)))
struct KillTests {
    /// Some containers forbid tracing even one's own processes.
    static let canTrace: Bool = {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "strace", "-D", "-f", "--seccomp-bpf", "-qqq", "-o", "/dev/null", "-e", "trace=write", "-e",
            "inject=write:signal=SIGKILL:when=9999", "true",
        ]
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    @Test(
        "deploys nothing twice, loses no event and no record, and comes to what the branch says",
        .enabled(if: canTrace, "needs strace, and the right to trace one's own processes"))
    func kills() async throws {
        let output = try await runProcess(
            try BuiltProducts.executable("torment"), ["crash", "--kills", "25", "--kills-a-world", "9"],
            timeout: .seconds(280))
        #expect(output.exitCode == 0, "\(output)")
        #expect(output.standardOutput.contains("every promise was kept"), "\(output)")
    }
}
