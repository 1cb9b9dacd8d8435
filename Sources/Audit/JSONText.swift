package import Domain

/// A strict reader of JSON (RFC 8259) for lines of the trail: no duplicate members, nothing after the value, and bounded.
package struct JSONText {
    package static let maxDepth = 64

    private let bytes: [UInt8]
    private var at = 0
    /// False from the first thing that RFC 8785 writes otherwise.
    private var isCanonical = true

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    package static func parse(_ bytes: [UInt8]) throws(AuditError) -> JSONValue { try read(bytes).value }

    package static func read(_ bytes: [UInt8]) throws(AuditError) -> (value: JSONValue, isCanonical: Bool) {
        var reader = JSONText(bytes)
        let value = try reader.value(depth: 0)
        reader.skipSpace()
        guard reader.at == bytes.count else { throw reader.failure("something follows the value") }
        return (value, reader.isCanonical)
    }

    private func failure(_ what: String) -> AuditError {
        AuditError(.notJSON, "is no JSON: \(what) at byte \(at + 1)")
    }

    private var next: UInt8? { at < bytes.count ? bytes[at] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
            at += 1
            isCanonical = false
        }
    }

    private mutating func take(_ byte: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: byte) else { return false }
        at += 1
        return true
    }

    private mutating func value(depth: Int) throws(AuditError) -> JSONValue {
        guard depth < Self.maxDepth else { throw failure("nested deeper than \(Self.maxDepth)") }
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws(AuditError) -> JSONValue {
        guard bytes[at...].starts(with: word.utf8) else { throw failure("an unknown word") }
        at += word.utf8.count
        return value
    }

    private mutating func object(depth: Int) throws(AuditError) -> JSONValue {
        at += 1
        var members: [String: JSONValue] = [:]
        var before: String?
        skipSpace()
        if take("}") { return .object(members) }
        repeat {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw failure("a member without a name") }
            let name = try string()
            if let before, !CanonicalJSON.precedes(before, name) { isCanonical = false }
            before = name
            skipSpace()
            guard take(":") else { throw failure("a member without a value") }
            guard members.updateValue(try value(depth: depth + 1), forKey: name) == nil else {
                throw failure("a member that stands twice")
            }
            skipSpace()
        } while take(",")
        guard take("}") else { throw failure("an object without its end") }
        return .object(members)
    }

    private mutating func array(depth: Int) throws(AuditError) -> JSONValue {
        at += 1
        var elements: [JSONValue] = []
        skipSpace()
        if take("]") { return .array(elements) }
        repeat {
            elements.append(try value(depth: depth + 1))
            skipSpace()
        } while take(",")
        guard take("]") else { throw failure("an array without its end") }
        return .array(elements)
    }

    private mutating func digits() throws(AuditError) {
        let start = at
        while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { at += 1 }
        guard at > start else { throw failure("no value") }
    }

    private mutating func number() throws(AuditError) -> JSONValue {
        let start = at
        _ = take("-")
        if !take("0") { try digits() }
        var isWhole = true
        if take(".") {
            isWhole = false
            try digits()
        }
        if take("e") || take("E") {
            isWhole = false
            if !take("+") { _ = take("-") }
            try digits()
        }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        if isWhole, let integer = Int64(text), integer.magnitude <= UInt64(CanonicalNumber.maxExactInteger) {
            if integer == 0, text != "0" { isCanonical = false }
            return .integer(integer)
        }
        guard let double = Double(text), double.isFinite else { throw failure("a number out of range") }
        if CanonicalNumber.text(double) != text { isCanonical = false }
        return .number(double)
    }

    /// Most strings have no escape: those are taken in one piece.
    private mutating func string() throws(AuditError) -> String {
        at += 1
        let start = at
        while let byte = next, byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { at += 1 }
        var unescaped = bytes[start..<at]
        while let byte = next, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw failure("a control character in a string") }
            at += 1
            if byte == UInt8(ascii: "\\") {
                let start = at
                let scalar = try escape()
                if !CanonicalJSON.isEscape(bytes[start..<at], of: scalar) { isCanonical = false }
                unescaped.append(contentsOf: String(scalar).utf8)
            } else {
                unescaped.append(byte)
            }
        }
        guard take("\"") else { throw failure("a string without its end") }
        guard let text = String(validating: unescaped, as: UTF8.self) else {
            throw failure("a string that is not UTF-8")
        }
        return text
    }

    private mutating func escape() throws(AuditError) -> Unicode.Scalar {
        defer { at += 1 }
        switch next {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw failure("an unknown escape")
        }
    }

    /// Leaves the position at the last hexadecimal digit.
    private mutating func unicodeEscape() throws(AuditError) -> Unicode.Scalar {
        let first = try hexUnit()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xDC00, at + 2 < bytes.count, bytes[at + 1] == UInt8(ascii: "\\"),
            bytes[at + 2] == UInt8(ascii: "u")
        else { throw failure("half of a surrogate pair") }
        at += 2
        let second = try hexUnit()
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (UInt32(first - 0xD800) << 10) + UInt32(second - 0xDC00))
        else { throw failure("half of a surrogate pair") }
        return scalar
    }

    private mutating func hexUnit() throws(AuditError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            at += 1
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw failure("an escape without four digits")
            }
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }
}
