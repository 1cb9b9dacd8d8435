import Foundation
import Support
import Testing

@Suite("Standard output", .timeLimit(.minutes(3)))
struct StandardStreamsTests {
    /// - Parameter words: a script of the shell; `$ballast` is the program.
    private func shell(_ stage: Stage, _ words: String) async throws -> ProcessOutput {
        var variables = stage.ballast.variables
        variables["ballast"] = try BuiltProducts.ballast()
        return try await runProcess("sh", ["-c", words], environment: variables, in: stage.folder.path)
    }

    @Test("that is full fails the verb, whatever it found, and says that what it did is done")
    func full() async throws {
        try await Stage.run { stage in
            try await stage.push("v_1")
            let output = try await shell(stage, "$ballast reconcile >/dev/full")
            #expect(output.exitCode == 2, "\(output)")
            #expect(output.standardError.contains("No space left on device"), "\(output)")
            #expect(output.standardError.contains("what the verb did is done"), "\(output)")
            #expect(stage.served == "v_1")
        }
    }

    @Test("that nobody reads is nobody's fault")
    func unread() async throws {
        try await Stage.run { stage in
            try await stage.push("v_1")
            let output = try await shell(stage, "{ $ballast reconcile; echo $? >status; } | true")
            #expect(output.exitCode == 0, "\(output)")
            #expect(try stage.folder.read("status") == "0\n", "\(output)")
        }
    }

    @Test("that does not wait for its reader loses nothing")
    func impatient() async throws {
        try await Stage.run { stage in
            let script = """
                import fcntl, os, subprocess, sys
                reader, writer = os.pipe()
                fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
                os.set_blocking(writer, False)
                verb = subprocess.Popen([sys.argv[1], "schema", "manifest"], stdout=writer)
                os.close(writer)
                while some := os.read(reader, 512): sys.stdout.buffer.write(some)
                sys.exit(verb.wait())
                """
            let whole = try await stage.ballast("schema", "manifest")
            #expect(whole.standardOutput.utf8.count > 4096)
            let output = try await runProcess(
                "python3", ["-c", script, try BuiltProducts.ballast()], environment: stage.ballast.variables)
            #expect(output.exitCode == 0, "\(output.standardError)")
            #expect(output.standardOutput == whole.standardOutput)
        }
    }

    @Test("that is closed is printed into no other file", arguments: [">&-", "2>&-", "<&- >&- 2>&-"])
    func closed(_ streams: String) async throws {
        try await Stage.run { stage in
            try await stage.push("v_1")
            let output = try await shell(stage, "exec $ballast reconcile \(streams)")
            #expect(output.exitCode == 0, "\(output)")
            #expect(stage.served == "v_1")
            let verdict = try await stage.ballast("audit", "verify")
            #expect(verdict.exitCode == 0, "\(verdict)")
        }
    }
}
