import Foundation
import Support
import Testing

@Suite struct SystemdTests {
    static let unit = "systemd/ballast.service"
    /// What the project asks of itself; an unhardened service has 9.6.
    static let maxExposure = 1.5

    @Test(.enabled(if: DeployFolder.has("systemd-analyze"), "needs systemd-analyze"))
    func `the unit is rated 1.5 or better`() async throws {
        let output = try await DeployFolder.check(
            "systemd-analyze", ["security", "--offline=true", "--no-pager", "ballast.service"], in: "systemd")
        let line = try #require(
            output.standardOutput.split(separator: "\n").first { $0.contains("Overall exposure level") },
            "\(output)")
        let words = line.split(separator: " ")
        let place = try #require(words.firstIndex { $0 == "ballast.service:" })
        let exposure = try #require(Double(words[place + 1]))
        #expect(exposure > 0 && exposure <= Self.maxExposure, "\(line)")
    }

    @Test(.enabled(if: DeployFolder.has("systemd-analyze"), "needs systemd-analyze"))
    func `systemd understands every line of the unit`() async throws {
        try await withTemporaryFolder { folder in
            let text = try DeployFolder.text(Self.unit)
                .replacing("/usr/local/bin/ballast", with: try BuiltProducts.ballast())
            let file = try folder.write(text, to: "ballast.service")
            let output = try await DeployFolder.check("systemd-analyze", ["verify", "--man=no", file])
            let own = (output.standardOutput + output.standardError).split(separator: "\n").filter {
                $0.contains("ballast")
            }
            #expect(output.succeeded && own.isEmpty, "\(output)")
        }
    }

    @Test func `the unit says what the daemon relies on`() throws {
        let lines = Set(try DeployFolder.text(Self.unit).split(separator: "\n").map(String.init))
        for line in [
            "Type=notify", "KillMode=mixed", "ExecReload=/bin/kill -HUP $MAINPID", "RestartPreventExitStatus=64 78",
            "StateDirectory=ballast", "DynamicUser=yes", "LoadCredential=secret:/etc/ballast/secrets",
        ] {
            #expect(lines.contains(line), "\(line)")
        }
        // Of the 10 s in which it ends, and with a loop that goes round every few seconds.
        #expect(lines.contains("TimeoutStopSec=20s") && lines.contains("WatchdogSec=60s"))
    }

    @Test(.enabled(if: DeployFolder.has("systemd-analyze"), "needs systemd-analyze"))
    func `the unit lets git workers limit themselves`() async throws {
        // setrlimit(3) is prlimit64(2): it must not be in a set that the unit takes away.
        let output = try await DeployFolder.check(
            "systemd-analyze", ["syscall-filter", "--no-pager", "@privileged", "@resources"])
        #expect(output.succeeded)
        #expect(!output.standardOutput.split(separator: "\n").contains { $0.hasSuffix(" prlimit64") })
        let allowed = try await DeployFolder.check(
            "systemd-analyze", ["syscall-filter", "--no-pager", "@default"])
        // Every unit has that set.
        #expect(allowed.standardOutput.contains(" prlimit64"))
    }
}
