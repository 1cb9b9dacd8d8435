/// The bytes of commit objects that we make.
enum CommitBytes {
    /// A commit without a signature: also what a signature is made over.
    static func payload(
        tree: ObjectID, parents: [ObjectID], author: Person, committer: Person, message: String
    ) -> [UInt8] {
        var text = "tree \(tree.hex)\n"
        for parent in parents { text += "parent \(parent.hex)\n" }
        text += "author \(author.header)\ncommitter \(committer.header)\n\n"
        text += message.replacing("\u{0}", with: "")
        if !text.hasSuffix("\n") { text += "\n" }
        return Array(text.utf8)
    }

    /// Puts an armoured signature into a payload as its `gpgsig` header, the lines after the first indented by a space.
    static func signed(_ payload: [UInt8], with signature: String) throws(GitError) -> [UInt8] {
        let lines = signature.split(whereSeparator: \.isNewline)
        let blank: [UInt8] = [UInt8(ascii: "\n"), UInt8(ascii: "\n")]
        guard let end = payload.firstRange(of: blank), !lines.isEmpty, !signature.utf8.contains(0) else {
            throw GitError(.badRequest, "the commit or its signature is empty")
        }
        let head = payload[...end.lowerBound]
        let header = "gpgsig " + lines.joined(separator: "\n ") + "\n"
        return head + Array(header.utf8) + payload[(end.lowerBound + 1)...]
    }
}
