/// What went wrong with git: `code` to branch on, `message` for people. Never holds a credential.
package struct GitError: Error, Hashable, Sendable, Codable {
    package enum Code: String, Hashable, Sendable, Codable, CaseIterable {
        /// The remote could not be reached, or broke the connection half-way. Try later.
        case unreachable
        /// The remote accepted and then gave no answer in time; the worker was ended.
        case timedOut
        /// The remote refuses the credential, or wants one and there is none.
        case authentication
        /// The ssh host key is not, or not as such, in the known hosts; or a TLS certificate does not verify.
        case hostKey
        /// There is no repository at the address.
        case noSuchRepository
        case noSuchBranch
        /// The remote has no commit at all.
        case emptyRepository
        /// The remote is itself a shallow copy; its history cannot be followed.
        case shallowRemote
        /// What the remote sent is not git's protocol, or not whole.
        case protocolError
        /// The push was refused because the ref moved: fetch, merge, push again.
        case notFastForward
        /// The remote refused the push for a reason of its own (a hook, a protected branch); `message` quotes it.
        case rejected
        /// The ref moved between reading and writing: read again.
        case conflict
        /// A lock on the copy or on a ref is held by another process.
        case busy
        /// An object, ref or path that was asked for does not exist.
        case notFound
        /// The copy is damaged, or reading it did not end: set it aside and fetch anew.
        case damagedMirror
        /// The copy (or the clone that was named) cannot be opened or written: permissions, a full disk, no repository.
        case unusable
        /// Larger than the limit that `message` names.
        case tooLarge
        /// The address of the remote is not one that is allowed.
        case badAddress
        /// A request that makes no sense (a bad ref name, an empty draft): a defect of the caller.
        case badRequest
        /// The caller was cancelled; nothing is known about the request's effect.
        case cancelled
        /// The worker process could not be started or died without an answer.
        case worker
    }

    package var code: Code
    /// What failed, on what, and what to do; without credentials, control characters removed, cut to 1,000 characters.
    package var message: String
    /// What the layer below said, cleaned and cut likewise.
    package var cause: String?

    package init(_ code: Code, _ message: String, cause: String? = nil) {
        self.code = code
        self.message = CleanText.line(message, maxCharacters: Self.maxMessageCharacters)
        self.cause = cause.map { CleanText.line($0, maxCharacters: Self.maxMessageCharacters) }
    }

    static let maxMessageCharacters = 1_000
}

extension GitError: CustomStringConvertible {
    package var description: String {
        guard let cause, !cause.isEmpty, !message.contains(cause) else { return message }
        return "\(message) (\(cause))"
    }
}

/// Text from outside, made safe to keep and to print.
enum CleanText {
    /// One line: control, bidirectional and other invisible characters become spaces, runs of spaces one; cut at the limit.
    static func line(_ text: String, maxCharacters: Int) -> String {
        var result = ""
        var count = 0
        var spacePending = false
        for scalar in text.unicodeScalars {
            if isUnsafe(scalar) || scalar == " " {
                spacePending = count > 0
                continue
            }
            if count >= maxCharacters { return result + "…" }
            if spacePending {
                result.unicodeScalars.append(" ")
                count += 1
                spacePending = false
            }
            result.unicodeScalars.append(scalar)
            count += 1
        }
        return result
    }

    /// Control characters (C0, DEL, C1), bidirectional marks, zero-width characters, line separators, interlinear marks, tags.
    static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0...0x1F, 0x7F...0x9F, 0xAD, 0x61C, 0x180E: true
        case 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB, 0xE0000...0xE007F: true
        default: false
        }
    }
}
