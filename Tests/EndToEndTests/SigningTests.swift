import Foundation
import Support
import Testing

@Suite(
    "A trail that is signed", .timeLimit(.minutes(3)),
    .enabled(if: BuiltProducts.hasProgram("openssl"), "needs openssl"))
struct SigningTests {
    private func makeKey(_ stage: Stage, _ name: String) async throws {
        try await checkProcess(
            "openssl", ["genpkey", "-algorithm", "ed25519", "-out", stage.folder.path(name)])
    }

    private func publicHalf(_ stage: Stage, _ name: String) async throws -> String {
        try await checkProcess("openssl", ["pkey", "-in", stage.folder.path(name), "-pubout"]).standardOutput
    }

    @Test("is proved from its first signed record on, over a change of keys, and in a clone by public keys alone")
    func story() async throws {
        try await Stage.run { stage in
            try await stage.push("v_1")
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            let plain = try stage.folder.read("audit.jsonl").split(separator: "\n").count

            try await makeKey(stage, "one")
            let configuration = try stage.folder.read("ballast.yaml")
            try stage.folder.write(configuration + "audit: {signingKey: {file: one}}\n", to: "ballast.yaml")
            let doctor = try await stage.ballast("doctor")
            #expect(doctor.standardOutput.contains("records are signed by SHA256:"), "\(doctor)")
            try await stage.push("v_3")
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            let signed = try stage.folder.read("audit.jsonl").split(separator: "\n").count
            let verify = try await stage.ballast("audit", "verify")
            #expect(verify.exitCode == 0, "\(verify)")
            let proved = "signatures: \(signed - plain) proved, from record \(plain + 1) on"
            #expect(verify.standardOutput.contains(proved), "\(verify)")

            // The key is changed: its public half stays known.
            try await makeKey(stage, "two")
            let former = try await publicHalf(stage, "one")
            try stage.folder.write(former, to: "former.pem")
            try stage.folder.write(
                configuration + "audit: {signingKey: {file: two}, formerKeys: former.pem}\n", to: "ballast.yaml")
            try await stage.push("v_1", message: "back")
            #expect(try await stage.ballast("reconcile").exitCode == 0)
            #expect(try await stage.ballast("audit", "verify").exitCode == 0)
            try stage.folder.write(configuration + "audit: {signingKey: {file: two}}\n", to: "ballast.yaml")
            let forgotten = try await stage.ballast("audit", "verify")
            #expect(forgotten.exitCode == 1, "\(forgotten)")
            #expect(
                forgotten.standardOutput.contains(
                    "records \(plain + 1) to \(signed) were signed by none of the known keys"),
                "\(forgotten)")

            // Someone who has a clone and the public keys.
            try stage.folder.write(former + (try await publicHalf(stage, "two")), to: "audit.pub")
            try await stage.git.git("fetch", "--quiet", "origin", "+refs/notes/ballast:refs/notes/ballast")
            let clone = try await stage.ballast(
                "audit", "verify", "--repository", stage.git.path, "--public-key", "audit.pub")
            #expect(clone.exitCode == 0 && clone.standardOutput.contains("signatures: "), "\(clone)")
            let unknowing = try await stage.ballast("audit", "verify", "--repository", stage.git.path)
            #expect(unknowing.exitCode == 0, "\(unknowing)")
            #expect(unknowing.standardOutput.contains("none was checked without a key"), "\(unknowing)")

            try await expectNowhere(try stage.folder.read("two"), stage)
        }
    }

    /// Not the key, and no line of it.
    private func expectNowhere(_ key: String, _ stage: Stage) async throws {
        let body = try #require(key.split(separator: "\n").dropFirst().first.map(String.init))
        try await stage.push("v_3", message: "deploy with \(body)")
        let output = try await stage.ballast("reconcile")
        #expect(!(output.standardOutput + output.standardError).contains(body))
        for file in try FileManager.default.contentsOfDirectory(atPath: stage.folder.path)
        where file.hasPrefix("ballast.db") || file.hasPrefix("audit.") {
            guard let bytes = FileManager.default.contents(atPath: stage.folder.path(file)) else { continue }
            #expect(!String(decoding: bytes, as: UTF8.self).contains(body), "\(file)")
        }
    }

    @Test("does not begin with a bad key: 78, the place and the remedy, and nothing of the file")
    func badKey() async throws {
        try await Stage.run("audit: {signingKey: {file: audit-key}}\n") { stage in
            try await stage.push("v_1")
            try stage.folder.write(
                "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n", to: "audit-key")
            for verb in [["reconcile"], ["serve"], ["audit", "verify"], ["suspend", "--all", "--reason", "x"]] {
                let output = try await stage.ballast.run(verb)
                #expect(output.exitCode == 78, "\(verb): \(output)")
                let error = output.standardError
                #expect(error.contains("`audit.signingKey`: ") && error.contains("audit-key"), "\(verb): \(output)")
                #expect(error.contains("openssl genpkey -algorithm ed25519"), "\(verb): \(output)")
                #expect(!error.contains("c2VjcmV0"), "\(verb)")
                if verb != ["suspend", "--all", "--reason", "x"] {
                    #expect(error.contains("ballast.yaml:6:"), "\(output)")
                }
            }
            #expect(stage.served == nil && !stage.folder.exists("ballast.db"))
            let doctor = try await stage.ballast("doctor")
            #expect(doctor.exitCode == 1 && doctor.standardOutput.contains("audit key"), "\(doctor)")
        }
    }
}
