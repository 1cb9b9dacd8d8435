import Foundation
import Support
import Testing

@Suite struct ContainerTests {
    @Test(.enabled(if: DeployFolder.has("hadolint"), "needs hadolint"))
    func `the Dockerfile has no findings`() async throws {
        let output = try await DeployFolder.check("hadolint", ["Dockerfile"], in: "container")
        #expect(output.succeeded, "\(output)")
    }

    @Test func `the container runs as nobody in particular`() throws {
        let lines = try DeployFolder.text("container/Dockerfile").split(separator: "\n")
        let last = try #require(lines.lastIndex { $0.hasPrefix("FROM ") })
        #expect(lines[last] == "FROM scratch")
        #expect(lines[last...].contains("USER 10001:10001"))
    }

    /// Debian 12 with the Dockerfile's packages, as `deploy/test` installs them, and the right to change the root.
    static let canAssemble =
        geteuid() == 0 && BuiltProducts.hasProgram("unshare")
        && ["/usr/share/doc/libgit2-1.5", "/usr/bin/gpgv", "/usr/share/zoneinfo", "/etc/ssl/certs/ca-certificates.crt"]
            .allSatisfy(FileManager.default.fileExists)

    @Test(.enabled(if: canAssemble, "needs root, unshare, and a Debian 12 with the packages of the container"))
    func `what the container is made of is enough for it to run`() async throws {
        try await withTemporaryFolder { folder in
            let root = folder.path("root")
            try await checkProcess(DeployFolder.path("container/assemble"), [try BuiltProducts.ballast(), root])
            // What a container engine adds; gone with the namespace.
            for name in ["proc", "dev"] { try folder.makeFolder("root/\(name)") }
            let enter = "mount -t proc proc $0/proc && mount --rbind /dev $0/dev && exec chroot $0 \"$@\""
            func inside(_ command: String...) async throws -> ProcessOutput {
                let arguments = ["--mount", "--pid", "--fork", "--kill-child", "sh", "-c", enter, root] + command
                return try await runProcess("unshare", arguments)
            }
            let version = try await inside("/usr/bin/ballast", "--version")
            #expect(version.succeeded, "\(version)")
            // Time zones and the git worker are part of it: a window in Berlin, and a repository that is not there.
            try folder.write(
                """
                source: {url: /nowhere.git}
                platforms: [{name: default, url: "http://127.0.0.1:1", apiKey: {file: key}}]
                policy: {windows: [{kind: deny, schedule: "0 17 * * FRI", duration: 1h, timeZone: Europe/Berlin}]}
                state: /var/lib/ballast/ballast.db
                audit: {file: /var/lib/ballast/audit.jsonl}

                """, to: "root/etc/ballast/ballast.yaml")
            try folder.write("key", to: "root/etc/ballast/key")
            let doctor = try await inside("/usr/bin/ballast", "doctor", "--config", "/etc/ballast/ballast.yaml")
            #expect(doctor.standardOutput.contains("is well-formed"), "\(doctor)")
            #expect(doctor.standardOutput.contains("/nowhere.git"), "\(doctor)")
            #expect(!doctor.description.contains("cannot be run"), "\(doctor)")
            let gpgv = try await inside("/usr/bin/gpgv", "--version")
            #expect(gpgv.standardOutput.hasPrefix("gpgv (GnuPG)"), "\(gpgv)")
            #expect(!folder.exists("root/bin/sh") && !folder.exists("root/usr/bin/sh"))
        }
    }
}
