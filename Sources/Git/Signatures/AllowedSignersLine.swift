import Foundation

/// Reads one line of an `allowed_signers` file: principals, options, key type, key, comment.
struct AllowedSignersLine {
    private var rest: Substring
    private let number: Int
    private let timeZone: TimeZone

    init(_ line: String, number: Int, timeZone: TimeZone) {
        rest = line[...]
        self.number = number
        self.timeZone = timeZone
    }

    mutating func parse() throws(KeyListProblem) -> AllowedSigners.Entry {
        let principals = try unquoted(try word())
        guard !principals.isEmpty else { throw problem("a name must come first") }
        var second = try word()
        var options: String?
        if !Self.isKeyType(second) {
            options = second
            second = try word()
        }
        guard Self.isKeyType(second) else {
            throw problem("expected a key type such as ssh-ed25519, found “\(second.prefix(40))”")
        }
        let encoded = try word()
        guard let data = Data(base64Encoded: encoded), let key = SSHPublicKey(blob: Array(data)) else {
            throw problem("the key is not valid base64 of an SSH key")
        }
        guard key.type == second else {
            throw problem("the key is of type \(key.type.prefix(40)), not \(second.prefix(40))")
        }
        var entry = AllowedSigners.Entry(principals: principals, key: key)
        if let options { try apply(options, to: &entry) }
        return entry
    }

    /// The next field; double quotes hold spaces together.
    private mutating func word() throws(KeyListProblem) -> String {
        rest = rest.drop { $0 == " " || $0 == "\t" }
        var inQuotes = false
        var end = rest.startIndex
        while end < rest.endIndex {
            let character = rest[end]
            let after = rest.index(after: end)
            if character == "\\", inQuotes, after < rest.endIndex, rest[after] == "\"" {
                end = rest.index(after: after)
                continue
            }
            if character == "\"" { inQuotes.toggle() }
            if !inQuotes, character == " " || character == "\t" { break }
            end = after
        }
        if inQuotes { throw problem("a quote is not closed") }
        defer { rest = rest[end...] }
        let field = String(rest[..<end])
        if field.isEmpty { throw problem("expected names, options, a key type and a key") }
        return field
    }

    private func unquoted(_ field: String) throws(KeyListProblem) -> String {
        guard field.contains("\"") else { return field }
        guard field.count >= 2, field.hasPrefix("\""), field.hasSuffix("\"") else {
            throw problem("quotes must enclose the whole field")
        }
        return String(field.dropFirst().dropLast())
    }

    private func apply(_ options: String, to entry: inout AllowedSigners.Entry) throws(KeyListProblem) {
        for option in Self.split(options) {
            let parts = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = parts[0].lowercased()
            let value = parts.count == 2 ? String(parts[1]) : nil
            switch name {
            case "cert-authority":
                guard value == nil else { throw problem("cert-authority takes no value") }
                entry.isAuthority = true
            case "namespaces":
                guard entry.namespaces == nil else { throw problem("namespaces is given twice") }
                entry.namespaces = try quotedValue(value, of: name)
            case "valid-after":
                guard entry.validAfter == nil else { throw problem("valid-after is given twice") }
                entry.validAfter = try time(quotedValue(value, of: name), of: name)
            case "valid-before":
                guard entry.validBefore == nil else { throw problem("valid-before is given twice") }
                entry.validBefore = try time(quotedValue(value, of: name), of: name)
            default:
                throw problem(
                    "unknown option “\(name.prefix(40))”; known are cert-authority, namespaces, valid-after, valid-before"
                )
            }
        }
        if let after = entry.validAfter, let before = entry.validBefore, after >= before {
            throw problem("valid-after must be earlier than valid-before")
        }
    }

    /// At commas outside quotes.
    private static func split(_ options: String) -> [String] {
        var parts = [""]
        var inQuotes = false
        for character in options {
            if character == "\"" { inQuotes.toggle() }
            if character == ",", !inQuotes {
                parts.append("")
            } else {
                parts[parts.count - 1].append(character)
            }
        }
        return parts
    }

    private func quotedValue(_ value: String?, of name: String) throws(KeyListProblem) -> String {
        guard let value, value.count >= 2, value.hasPrefix("\""), value.hasSuffix("\"") else {
            throw problem("\(name) needs a value in double quotes")
        }
        return String(value.dropFirst().dropLast())
    }

    /// `YYYYMMDD[Z]` or `YYYYMMDDHHMM[SS][Z]`, as seconds since 1970.
    private func time(_ value: String, of name: String) throws(KeyListProblem) -> Int64 {
        let isUTC = value.hasSuffix("Z") || value.hasSuffix("UTC")
        let digits = value.hasSuffix("UTC") ? value.dropLast(3) : value.hasSuffix("Z") ? value.dropLast() : value[...]
        let numbers = digits.utf8.map { Int($0) - 48 }
        guard [8, 12, 14].contains(numbers.count), numbers.allSatisfy({ (0...9).contains($0) }) else {
            throw problem("\(name) must be YYYYMMDD[Z] or YYYYMMDDHHMM[SS][Z], found “\(value.prefix(40))”")
        }
        let field = { (from: Int, count: Int) -> Int in
            from < numbers.count ? numbers[from..<(from + count)].reduce(0) { $0 * 10 + $1 } : 0
        }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = isUTC ? .gmt : timeZone
        let parts = DateComponents(
            year: field(0, 4), month: field(4, 2), day: field(6, 2), hour: field(8, 2), minute: field(10, 2),
            second: field(12, 2))
        guard (1...12).contains(field(4, 2)), (1...31).contains(field(6, 2)), field(8, 2) < 24, field(10, 2) < 60,
            field(12, 2) < 60, field(0, 4) >= 1970, let date = calendar.date(from: parts),
            calendar.component(.day, from: date) == field(6, 2)
        else { throw problem("\(name) is no date: “\(value.prefix(40))”") }
        return Int64(date.timeIntervalSince1970)
    }

    private static func isKeyType(_ word: String) -> Bool {
        (word.hasPrefix("ssh-") || word.hasPrefix("ecdsa-") || word.hasPrefix("sk-"))
            && word.utf8.allSatisfy { $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: ",") }
    }

    private func problem(_ message: String) -> KeyListProblem { KeyListProblem(message, line: number) }
}
