import Foundation
import Git
import Testing

@Suite struct WritingTests {
    @Test func `a commit is made without a checkout`() async throws {
        let fixture = try await Fixture()
        let first = try await fixture.commit(["bots/a.yaml": "1", "bots/b.yaml": "2", "run.sh": "x"])
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(fixture.work)/run.sh")
        let parent = try await fixture.commit([:], "mode")
        #expect(first != parent)
        try await fixture.withRepository { repository in
            _ = try await repository.fetch(branch: "main")
            let author = Person(name: "Zoë <x>\n", email: "z@example.org", seconds: 1_700_000_000, offsetMinutes: 90)
            let payload = try await repository.payload(
                of: CommitDraft(
                    parent: parent,
                    files: [
                        "bots/a.yaml": Array("new".utf8), "bots/b.yaml": nil, "new/deep/file": Array("n".utf8),
                        "run.sh": Array("y".utf8),
                    ],
                    author: author, committer: fixture.writer, message: "Rollback\n\nbecause"))
            let id = try await repository.writeCommit(payload: payload)
            let pushed = try await repository.push(id, to: "refs/heads/main", expecting: parent)
            #expect(pushed == .done)
            let status = try await Tool.git(
                ["diff-tree", "-r", "--name-status", "--no-renames", parent.hex, id.hex], in: fixture.remote)
            #expect(status.lines == ["M\tbots/a.yaml", "D\tbots/b.yaml", "A\tnew/deep/file", "M\trun.sh"])
            let mode = try await Tool.git(["ls-tree", id.hex, "run.sh"], in: fixture.remote).text
            #expect(mode.hasPrefix("100755"))
            let shown = try await Tool.git(["log", "-1", "--format=%an|%ae|%ai|%cn|%B", id.hex], in: fixture.remote)
                .text
            #expect(shown == "Zoë x|z@example.org|2023-11-14 23:43:20 +0130|Ballast|Rollback\n\nbecause")
            let fsck = try await Tool.git(["fsck", "--full", "--strict"], in: fixture.remote)
            #expect(!fsck.errors.contains("error") && !fsck.errors.contains("missing"))
        }
    }

    @Test func `a draft that makes no sense is refused`() async throws {
        let fixture = try await Fixture()
        let parent = try await fixture.commit(["a": "1", "folder/b": "2"])
        try await fixture.withRepository { repository in
            _ = try await repository.fetch(branch: "main")
            for files: [String: [UInt8]?] in [
                [:], ["a": Array("1".utf8)], ["../a": [1]], ["x/../a": [1]], [".git/config": [1]], ["": [1]],
                ["folder": [1]],
                ["a/b": [1]], ["/a": [1]],
            ] {
                let thrown = await code {
                    _ = try await repository.payload(
                        of: CommitDraft(
                            parent: parent, files: files, author: fixture.writer, committer: fixture.writer,
                            message: "m"))
                }
                #expect(thrown == .badRequest, "\(files)")
            }
        }
    }

    @Test(.enabled(if: Tool.exists("/usr/bin/ssh-keygen"))) func `git verifies a commit that was signed`() async throws
    {
        let fixture = try await Fixture()
        let parent = try await fixture.commit(["a": "1"])
        _ = try await Tool.run("/usr/bin/ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", fixture.scratch("key")])
        let key = try String(contentsOfFile: fixture.scratch("key.pub"), encoding: .utf8)
        try fixture.scratch.write("ballast@example.org \(key)", to: "allowed")
        try await fixture.withRepository { repository in
            _ = try await repository.fetch(branch: "main")
            let payload = try await repository.payload(
                of: CommitDraft(
                    parent: parent, files: ["a": [50]], author: fixture.writer, committer: fixture.writer,
                    message: "signed"))
            let signature = try await Tool.run(
                "/usr/bin/ssh-keygen", ["-Y", "sign", "-n", "git", "-f", fixture.scratch("key")], input: Data(payload)
            ).text
            let id = try await repository.writeCommit(payload: payload, signature: signature)
            let verified = try await Tool.run(
                "/usr/bin/git",
                ["-c", "gpg.ssh.allowedSignersFile=\(fixture.scratch("allowed"))", "verify-commit", id.hex],
                in: "\(fixture.copy)/repository.git")
            #expect(verified.status == 0, "\(verified.errors)")
            let subject = try await repository.commit(id).subject
            #expect(subject == "signed")
        }
    }

    @Test func `a ref moves only from where it is believed to be`() async throws {
        let fixture = try await Fixture()
        let first = try await fixture.commit(["a": "1"])
        let second = try await fixture.commit(["a": "2"])
        try await fixture.withRepository { repository in
            _ = try await repository.fetch(branch: "main")
            let name = "refs/ballast/accepted"
            let made = try await repository.moveRef(name, from: nil, to: first)
            #expect(made)
            let twice = try await repository.moveRef(name, from: nil, to: second)
            #expect(!twice)
            let moved = try await repository.moveRef(name, from: first, to: second)
            #expect(moved)
            let stale = try await repository.moveRef(name, from: first, to: first)
            #expect(!stale)
            let ref = try await repository.ref(name)
            #expect(ref == second)
            for bad in ["main", "refs/heads/..", "refs/he ads/x", "HEAD"] {
                let thrown = await code { _ = try await repository.moveRef(bad, from: nil, to: first) }
                #expect(thrown == .badRequest, "\(bad)")
            }
        }
    }

    @Test func `loose objects and many packs become one pack`() async throws {
        let fixture = try await Fixture()
        let head = try await fixture.commit(["a": "1"])
        try await fixture.withRepository { repository in
            _ = try await repository.fetch(branch: "main")
            let early = try await repository.tidyUp()
            #expect(!early)
            var tip: ObjectID?
            for number in 0..<520 {
                tip = try await repository.appendNotes(
                    "refs/notes/ballast", [NoteAddition(target: head, lines: ["line \(number)"])],
                    writer: fixture.writer
                ).tip
            }
            let packed = try await repository.tidyUp()
            #expect(packed)
            let count = try await Tool.git(["count-objects", "-v"], in: "\(fixture.copy)/repository.git").lines
            #expect(count.contains("count: 0"))
            #expect(count.contains("packs: 1"))
            let after = try await repository.ref("refs/notes/ballast")
            #expect(after == tip)
            let note = try await repository.note("refs/notes/ballast", on: head)
            #expect(note?.text.split(separator: "\n").count == 520)
            let fetched = try await repository.fetch(branch: "main", known: head)
            #expect(!fetched.isNew)
        }
        let fsck = try await Tool.git(["fsck", "--full", "--strict"], in: "\(fixture.copy)/repository.git")
        #expect(!fsck.errors.contains("error") && !fsck.errors.contains("missing"))
    }
}
