import Domain
import Foundation
import Live
import Testing

struct SecretFileTests {
    private func inFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("secrets-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.path)
    }

    private func write(_ bytes: [UInt8], _ path: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    @Test(arguments: [
        ("key", "key"), ("key\n", "key"), ("key\r\n", "key"), ("a\nb\n\n", "a\nb"), (" key ", " key "),
        ("schlüssel", "schlüssel"),
    ])
    func lineEndsBehindTheValueAreNotPartOfIt(content: String, expected: String) throws {
        try inFolder { folder in
            try write(Array(content.utf8), folder + "/key")
            #expect(try SecretFiles(environment: [:]).read(.file(path: folder + "/key")).reveal() == expected)
            #expect(try SecretFiles(environment: ["K": content]).read(.environment(name: "K")).reveal() == expected)
        }
    }

    @Test func aChangedFileIsReadAgain() throws {
        try inFolder { folder in
            let path = folder + "/key"
            let secrets = SecretFiles(environment: [:])
            try write(Array("first".utf8), path)
            #expect(try secrets.read(.file(path: path)).reveal() == "first")
            // Same length, replaced by another file: how a key is rotated with `mv`.
            try write(Array("other".utf8), path + ".new")
            #expect(rename(path + ".new", path) == 0)
            #expect(try secrets.read(.file(path: path)).reveal() == "other")
            try write(Array("longer than before".utf8), path)
            #expect(try secrets.read(.file(path: path)).reveal() == "longer than before")
            try FileManager.default.removeItem(atPath: path)
            #expect(#expect(throws: SecretProblem.self) { try secrets.read(.file(path: path)) }?.code == .absent)
        }
    }

    @Test func whatCannotBeReadIsSaidWithoutItsContent() throws {
        try inFolder { folder in
            let secrets = SecretFiles(environment: ["EMPTY": "\n"])
            func code(_ reference: SecretReference) -> SecretProblem.Code? {
                let problem = #expect(throws: SecretProblem.self) { try secrets.read(reference) }
                #expect(problem?.message.contains("hunter2") == false)
                return problem?.code
            }
            try write([], folder + "/empty")
            try write(Array("hunter2".utf8) + [0xFF], folder + "/binary")
            try write(Array(repeating: 0x61, count: SecretFiles.maxSecretBytes + 1), folder + "/long")
            #expect(code(.file(path: folder + "/absent")) == .absent)
            #expect(code(.file(path: folder + "/empty")) == .empty)
            #expect(code(.file(path: folder + "/binary")) == .notText)
            #expect(code(.file(path: folder + "/long")) == .tooLong)
            #expect(code(.file(path: folder)) == .unreadable)
            #expect(code(.file(path: folder + "/empty/x")) == .absent)
            #expect(code(.environment(name: "ABSENT")) == .absent)
            #expect(code(.environment(name: "EMPTY")) == .empty)
        }
    }

    /// The superuser may read everything.
    @Test(.enabled(if: getuid() != 0, "needs a user who is not root"))
    func aFileOfAnotherUserIsForbidden() throws {
        try inFolder { folder in
            try write(Array("hunter2".utf8), folder + "/key")
            #expect(chmod(folder + "/key", 0) == 0)
            let problem = #expect(throws: SecretProblem.self) {
                try SecretFiles(environment: [:]).read(.file(path: folder + "/key"))
            }
            #expect(problem?.code == .forbidden)
        }
    }

    @Test func aPipeDoesNotHoldUpTheReader() throws {
        try inFolder { folder in
            #expect(mkfifo(folder + "/pipe", 0o600) == 0)
            let problem = #expect(throws: SecretProblem.self) {
                try SecretFiles(environment: [:]).read(.file(path: folder + "/pipe"))
            }
            #expect(problem?.code == .unreadable)
        }
    }

    @Test func noDescriptionShowsASecret() {
        let secret = Secret("hunter2")
        var dumped = ""
        dump(secret, to: &dumped)
        for text in [
            "\(secret)", String(reflecting: secret), dumped, "\([secret])", String(describing: Optional(secret)),
        ] {
            #expect(!text.contains("hunter2"), "\(text)")
        }
        #expect(secret.reveal() == "hunter2")
    }
}
