import Foundation
import Simulator
import Support
import Testing

@Suite("A server that refuses, or is not there", .timeLimit(.minutes(3)))
struct RemoteRefusalTests {
    @Test("a refused token is 2, whatever the verb, and says what to do")
    func tokens() async throws {
        try await Served.run { served in
            let none = try await served.ballast(token: nil)("status")
            #expect(none.exitCode == 2, "\(none)")
            #expect(none.standardError.contains("--token-file"), "\(none)")
            try served.stage.folder.write("another", to: "wrong-token")
            let wrong = try await served.ballast(token: "wrong")("status")
            #expect(wrong.exitCode == 2, "\(wrong)")
            #expect(wrong.standardError.contains("wrong-token"), "\(wrong)")
            #expect(!wrong.standardError.contains("another"))
            let missing = try await served.ballast(token: "missing")("status")
            #expect(missing.exitCode == 2, "\(missing)")
            #expect(missing.standardError.contains("missing-token does not exist"), "\(missing)")
            let looker = served.ballast(token: "looker")
            #expect(try await looker("status").exitCode == 0)
            for arguments in [
                ["suspend", "--all", "--reason", "x"], ["reconcile"], ["rollback", "order-support"],
                ["release", "order-support"], ["notifications", "enable", "pipeline"],
            ] {
                let output = try await looker.run(arguments)
                #expect(output.exitCode == 2, "\(arguments) \(output)")
                #expect(output.standardError.contains("looker"), "\(output)")
                #expect(output.standardError.contains("operate"), "\(output)")
            }
        }
    }

    @Test("a server that is not reached is 2")
    func away() async throws {
        try await withTemporaryFolder { folder in
            let ballast = BallastRun(folder: folder.path)
            for arguments in [
                ["status"], ["plan"], ["reconcile"], ["rollback", "x"], ["release", "x"], ["audit", "show"],
                ["notifications", "list"], ["history", "x"], ["show", "x"], ["trace", "x"],
            ] {
                let output = try await ballast.run(arguments + ["--server", "http://127.0.0.1:1"])
                #expect(output.exitCode == 2, "\(arguments) \(output)")
                #expect(output.standardError.contains("http://127.0.0.1:1 is not reached"), "\(output)")
            }
            let doctor = try await ballast("doctor", "--server", "http://127.0.0.1:1")
            #expect(doctor.exitCode == 1, "\(doctor)")
        }
    }

    @Test("what is no address, or would send a token in the clear, is wrong usage")
    func addresses() async throws {
        try await withTemporaryFolder { folder in
            let ballast = BallastRun(folder: folder.path)
            for address in ["x", "ftp://127.0.0.1", "http://ballast.example", "https://user:s3cret@ballast.example"] {
                let output = try await ballast("status", "--server", address)
                #expect(output.exitCode == 64, "\(address) \(output)")
                #expect(!output.standardError.contains("s3cret"))
                let variable = BallastRun(folder: folder.path, environment: ["BALLAST_SERVER": address])
                #expect(try await variable("status").exitCode == 64, "\(address)")
            }
        }
    }

    @Test("certificates that cannot be read are 2")
    func authorities() async throws {
        try await withTemporaryFolder { folder in
            let output = try await BallastRun(folder: folder.path)(
                "status", "--server", "https://127.0.0.1:1", "--ca-file", "nosuch.pem")
            #expect(output.exitCode == 2, "\(output)")
            #expect(output.standardError.contains("nosuch.pem"), "\(output)")
        }
    }

    @Test("something else at that address is 2")
    func other() async throws {
        try await Stage.run { stage in
            let output = try await stage.ballast("status", "--server", try stage.platform.url)
            #expect(output.exitCode == 2, "\(output)")
            #expect(output.standardError.contains("ballast serve"), "\(output)")
        }
    }

    @Test("a file named on the command line outranks the variable of a server")
    func precedence() async throws {
        try await Stage.run { stage in
            try await stage.push("v_1")
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            let variables = [
                "BALLAST_SERVER": "http://127.0.0.1:1", "BALLAST_TOKEN_FILE": stage.folder.path("key"),
                "BALLAST_CA_FILE": "nosuch.pem",
            ]
            let run = BallastRun(folder: stage.folder.path, environment: variables)
            #expect(try await run("status").exitCode == 2)
            #expect(try await run("status", "--config", "ballast.yaml").exitCode == 0)
            let empty = BallastRun(folder: stage.folder.path, environment: ["BALLAST_SERVER": ""])
            #expect(try await empty("status").exitCode == 0)
        }
    }

    @Test("a proof is not asked of the one who is to be proved")
    func verify() async throws {
        try await withTemporaryFolder { folder in
            let output = try await BallastRun(folder: folder.path)(
                "audit", "verify", "--server", "http://127.0.0.1:1")
            #expect(output.exitCode == 64, "\(output)")
            #expect(output.standardError.contains("--repository"), "\(output)")
        }
    }

    @Test("doctor says whether the server is ready and what the token may do")
    func doctor() async throws {
        try await Served.run { served in
            #expect(try await served.ballast("reconcile").exitCode == 0)
            let well = try await served.ballast("doctor")
            #expect(well.exitCode == 0, "\(well)")
            #expect(well.standardOutput.contains("chief has role admin"), "\(well)")
            let refused = try await served.ballast(token: nil)("doctor")
            #expect(refused.exitCode == 1, "\(refused)")
            #expect(refused.standardOutput.contains("FAIL  token"), "\(refused)")
            try served.stage.folder.write("short", to: "ops-token")
            let local = try await served.stage.ballast("doctor")
            #expect(local.exitCode == 1, "\(local)")
            #expect(local.standardOutput.contains("FAIL  token ops"), "\(local)")
            #expect(local.standardOutput.contains("openssl rand"), "\(local)")
        }
    }
}
