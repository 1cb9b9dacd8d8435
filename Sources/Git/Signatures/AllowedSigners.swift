import Foundation

/// An OpenSSH `allowed_signers` file: which keys may sign, under which names, for what and when.
package struct AllowedSigners: Sendable {
    struct Entry: Sendable {
        /// The names as the file has them; the first field of the line.
        var principals: String
        var key: SSHPublicKey
        /// Signs keys rather than commits; such certificates are not judged here.
        var isAuthority = false
        /// Patterns; `nil` means every purpose.
        var namespaces: String?
        /// Seconds since 1970, both inclusive.
        var validAfter: Int64?
        var validBefore: Int64?
    }

    private var entries: [[UInt8]: [Entry]]

    /// Dates without `Z` are meant in the system's time zone, as OpenSSH has it.
    /// - Throws: `KeyListProblem` with the line; one bad line makes the whole file unusable, so that no restriction is lost.
    package init(file: [UInt8]) throws(KeyListProblem) {
        try self.init(file: file, timeZone: .current)
    }

    init(file: [UInt8], timeZone: TimeZone) throws(KeyListProblem) {
        guard let text = String(validating: file, as: UTF8.self) else {
            throw KeyListProblem("the list of allowed signers is not UTF-8")
        }
        entries = [:]
        let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        for (index, line) in lines.enumerated() {
            let trimmed = line.trimmingCharacters(in: .whitespaces)
            if trimmed.isEmpty || trimmed.hasPrefix("#") { continue }
            var parser = AllowedSignersLine(trimmed, number: index + 1, timeZone: timeZone)
            let entry = try parser.parse()
            entries[entry.key.blob, default: []].append(entry)
        }
    }

    enum Judgement: Sendable, Equatable {
        case allowed(principals: String)
        case unknown
        case refused(String)
    }

    /// Whether a key may sign commits at a time (seconds since 1970). The first line that allows it names the signer.
    func judge(_ key: SSHPublicKey, at seconds: Int64) -> Judgement {
        var refusal: String?
        for entry in entries[key.blob] ?? [] where !entry.isAuthority {
            if let namespaces = entry.namespaces, !SSHPattern.list(namespaces, matches: SSHSignature.gitNamespace) {
                refusal = refusal ?? "the key of \(entry.principals) is not listed for git"
            } else if let after = entry.validAfter, seconds < after {
                refusal = refusal ?? "the key of \(entry.principals) was not valid yet when the commit was made"
            } else if let before = entry.validBefore, seconds > before {
                refusal = refusal ?? "the key of \(entry.principals) was no longer valid when the commit was made"
            } else {
                return .allowed(principals: entry.principals)
            }
        }
        return refusal.map(Judgement.refused) ?? .unknown
    }
}

/// OpenSSH's patterns: `*`, `?`, lists with commas, `!` to take out.
enum SSHPattern {
    static func list(_ list: String, matches text: String) -> Bool {
        var matched = false
        for item in list.split(separator: ",") {
            if item.hasPrefix("!") {
                if matches(Array(item.dropFirst().utf8), Array(text.utf8)) { return false }
            } else if matches(Array(item.utf8), Array(text.utf8)) {
                matched = true
            }
        }
        return matched
    }

    /// Linear with one point of return: a pattern of many stars costs no more than pattern × text.
    static func matches(_ pattern: [UInt8], _ text: [UInt8]) -> Bool {
        var (inPattern, inText) = (0, 0)
        var back: (pattern: Int, text: Int)?
        while inText < text.count {
            if inPattern < pattern.count, pattern[inPattern] == UInt8(ascii: "*") {
                back = (inPattern, inText)
                inPattern += 1
            } else if inPattern < pattern.count,
                pattern[inPattern] == UInt8(ascii: "?") || pattern[inPattern] == text[inText]
            {
                inPattern += 1
                inText += 1
            } else if let point = back {
                inPattern = point.pattern + 1
                inText = point.text + 1
                back = (point.pattern, point.text + 1)
            } else {
                return false
            }
        }
        return pattern[inPattern...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
