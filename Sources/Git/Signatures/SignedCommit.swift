/// The raw bytes of a commit, taken apart into what was signed and the signature over it.
///
/// Only the header is looked at: libgit2's own extraction finds a `gpgsig` line in the message too, loses bytes and stops
/// at NUL. As git does, lines of `gpgsig-sha256` and the like are neither signed bytes nor a signature of this repository;
/// unlike git, a second signature header is refused, since two readers could take different ones.
struct SignedCommit: Sendable {
    enum Split: Sendable {
        case unsigned
        case signed(SignedCommit)
        case malformed(String)
    }

    /// The commit without its signature headers: the bytes that the signature is over.
    var payload: [UInt8]
    /// The armoured signature, its continuation lines unfolded.
    var signature: [UInt8]
    /// Seconds since 1970, by the committer's word.
    var committedAt: Int64

    static func split(_ raw: [UInt8]) -> Split {
        var scan = HeaderScan()
        var start = raw.startIndex
        while start < raw.endIndex {
            let lineEnd = raw[start...].firstIndex(of: newline) ?? raw.endIndex
            let next = lineEnd < raw.endIndex ? lineEnd + 1 : lineEnd
            if lineEnd == start { break }
            scan.take(raw[start..<lineEnd], terminated: raw[start..<next])
            start = next
        }
        if let reason = scan.malformed { return .malformed(reason) }
        guard scan.signatureHeaders > 0 else { return .unsigned }
        guard scan.signatureHeaders == 1, scan.foreignHeaders == 0 else {
            return .malformed("the commit has more than one signature header")
        }
        guard let committedAt = scan.committedAt else {
            return .malformed("the commit says in no readable way when it was made")
        }
        return .signed(
            SignedCommit(
                payload: scan.payload + raw[start...], signature: scan.signature, committedAt: committedAt))
    }
}

private let newline = UInt8(ascii: "\n")
private let space = UInt8(ascii: " ")

/// What one pass over the header lines gathers.
private struct HeaderScan {
    private enum Inside { case ordinary, signature, foreignSignature }

    var payload: [UInt8] = []
    var signature: [UInt8] = []
    var signatureHeaders = 0
    /// `gpgsig-sha256` and whatever else begins with `gpgsig`.
    var foreignHeaders = 0
    var committedAt: Int64?
    var malformed: String?
    private var committers = 0
    private var inside = Inside.ordinary

    mutating func take(_ line: ArraySlice<UInt8>, terminated: ArraySlice<UInt8>) {
        if line.contains(0) { malformed = "the commit's header holds a NUL byte" }
        if line.first == space {
            switch inside {
            case .signature: signature += terminated.dropFirst()
            case .foreignSignature: break
            case .ordinary: payload += terminated
            }
            return
        }
        if line.starts(with: Array("gpgsig ".utf8)) {
            inside = .signature
            signatureHeaders += 1
            signature += terminated.dropFirst("gpgsig ".utf8.count)
        } else if line.starts(with: Array("gpgsig".utf8)) {
            inside = .foreignSignature
            foreignHeaders += 1
        } else {
            inside = .ordinary
            payload += terminated
            if line.starts(with: Array("committer ".utf8)) { takeCommitter(line) }
        }
    }

    private mutating func takeCommitter(_ line: ArraySlice<UInt8>) {
        committers += 1
        if committers > 1 { malformed = "the commit names more than one committer" }
        guard let end = line.lastIndex(of: UInt8(ascii: ">")) else { return }
        let words = line[(end + 1)...].split(separator: space)
        guard let digits = words.first, digits.count <= 18, let text = String(validating: digits, as: UTF8.self),
            let seconds = Int64(text), seconds >= 0
        else { return }
        committedAt = seconds
    }
}
