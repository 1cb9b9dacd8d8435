import Foundation
import Git
import Support
import Testing

/// Which bytes of a commit are the signature and which were signed: git's reading is the measure.
@Suite(.enabled(if: BuiltProducts.hasProgram("ssh-keygen"), "needs ssh-keygen"))
struct SignaturesHeaderTests {
    private struct Case {
        var raw: [UInt8]
        var expected: CommitSignature?
        /// `nil` where we are stricter on purpose.
        var gitAccepts: Bool?
    }

    @Test
    func `signatures are found in the header alone`() async throws {
        try await withTemporaryFolder { folder in
            let signed = try await SSHSigned(in: folder)
            let key = try await signed.makeKey("key")
            let raw = try await signed.signedCommit(with: "key")
            let text = String(decoding: raw, as: UTF8.self)
            let from = try #require(text.range(of: "gpgsig"))
            let to = try #require(text.range(of: "-----END SSH SIGNATURE-----\n"))
            let header = String(text[from.lowerBound..<to.upperBound])
            let unsigned = text.replacingOccurrences(of: header, with: "")
            let sha256 = header.replacingOccurrences(of: "gpgsig ", with: "gpgsig-sha256 ")
            let cases: [String: Case] = [
                "as made": Case(raw: raw, expected: nil, gitAccepts: true),
                "none": Case(raw: Array(unsigned.utf8), expected: .unsigned, gitAccepts: false),
                "in the message": Case(raw: Array((unsigned + header).utf8), expected: .unsigned, gitAccepts: false),
                "for sha256 alone": Case(
                    raw: replacing(header, with: sha256, in: raw), expected: .unsigned, gitAccepts: false),
                "for sha256 too": Case(
                    raw: replacing(header, with: header + sha256, in: raw),
                    expected: .bad("the commit has more than one signature header"), gitAccepts: nil),
                "twice": Case(
                    raw: replacing(header, with: header + header, in: raw),
                    expected: .bad("the commit has more than one signature header"), gitAccepts: nil),
                "another committer": Case(
                    raw: replacing(header, with: "committer X <x@x> 1 +0000\n" + header, in: raw),
                    expected: .bad("the commit names more than one committer"), gitAccepts: false),
                "a NUL in the header": Case(
                    raw: replacing(header, with: "x \0\n" + header, in: raw),
                    expected: .bad("the commit's header holds a NUL byte"), gitAccepts: false),
                "a NUL in the message": Case(
                    raw: raw + [0, 65], expected: .bad("the SSH signature does not fit the commit"), gitAccepts: false),
                "no time": Case(
                    raw: replacing(" +0000\n" + header, with: "\n" + header, in: raw).filter {
                        !(48...57).contains($0)
                    },
                    expected: .bad("the commit says in no readable way when it was made"), gitAccepts: nil),
                "of another kind": Case(
                    raw: replacing("SSH SIGNATURE", with: "SIGNED MESSAGE", in: raw),
                    expected: .unsupported("X.509 signatures are not supported"), gitAccepts: false),
                "of no kind": Case(
                    raw: replacing(" SSH SIGNATURE", with: " SOMETHING", in: raw),
                    expected: .bad("the signature is of no known format"), gitAccepts: false),
                "empty": Case(raw: [], expected: .unsigned, gitAccepts: nil),
            ]
            let verifier = try CommitVerifier(signers: "a \(key)")
            for (name, one) in cases {
                let verdict = await verifier.verify(one.raw)
                if let expected = one.expected {
                    #expect(verdict == expected, "\(name)")
                } else {
                    #expect(verdict.isGood, "\(name)")
                }
                #expect(CommitVerifier.isSigned(one.raw) == (one.expected != .unsigned), "\(name)")
                if let accepts = one.gitAccepts {
                    let id = try await SignatureOracle.store(one.raw, in: signed.fixture, folder: folder)
                    #expect(try await signed.gitAccepts(id, allowedSigners: "a \(key)\n") == accepts, "\(name)")
                }
            }
        }
    }

    @Test(arguments: [
        ("a ssh-ed25519", "line 1: expected names, options, a key type and a key"),
        ("ok valid\n", "line 1: expected names"),
        ("\n# c\na ssh-ed25519 !!!!", "line 3: the key is not valid base64 of an SSH key"),
        ("a ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIA==", "line 1: the key is of type ssh-ed25519, not ssh-rsa"),
        ("a principals=\"x\" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA==", "line 1: unknown option “principals”"),
        (
            "a valid-after=20200101 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA==",
            "line 1: valid-after needs a value in double quotes"
        ),
        ("a valid-after=\"2020\" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA==", "line 1: valid-after must be YYYYMMDD"),
        ("a valid-after=\"20200230\" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA==", "line 1: valid-after is no date"),
        (
            "a valid-after=\"20210101\",valid-before=\"20200101\" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA==",
            "line 1: valid-after must be earlier than valid-before"
        ),
        ("a namespaces=\"git ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA==", "line 1: a quote is not closed"),
    ])
    func `a bad line of the list is an error at its line`(file: String, message: String) throws {
        let problem = #expect(throws: KeyListProblem.self) { try AllowedSigners(file: Array(file.utf8)) }
        #expect(problem?.description.hasPrefix(message) == true, "\(problem?.description ?? "none")")
    }

    @Test
    func `bytes that are no text are an error`() {
        #expect(throws: KeyListProblem.self) { try AllowedSigners(file: [0x61, 0xFF]) }
    }
}
