package import Domain

/// JSON in the one form of RFC 8785: members sorted by UTF-16 units, no spaces, numbers as ECMAScript writes them.
package enum CanonicalJSON {
    /// - Throws: `notFinite` for a number that is not finite.
    package static func bytes(_ value: JSONValue) throws(AuditError) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(512)
        try append(value, to: &output)
        return output
    }

    package static func text(_ value: JSONValue) throws(AuditError) -> String {
        String(decoding: try bytes(value), as: UTF8.self)
    }

    /// Parses a line and holds it to the canonical form, so that its bytes can be made again from the value.
    package static func parse(_ line: [UInt8]) throws(AuditError) -> JSONValue {
        let (value, isCanonical) = try JSONText.read(line)
        guard isCanonical else { throw AuditError(.notCanonical, "is JSON, but not in its canonical form") }
        return value
    }

    private static func append(_ value: JSONValue, to output: inout [UInt8]) throws(AuditError) {
        switch value {
        case .null: output.append(contentsOf: "null".utf8)
        case .bool(let flag): output.append(contentsOf: (flag ? "true" : "false").utf8)
        case .integer(let number): output.append(contentsOf: CanonicalNumber.text(number).utf8)
        case .number(let number):
            guard number.isFinite else { throw AuditError(.notFinite, "\(number) cannot be written as JSON") }
            output.append(contentsOf: CanonicalNumber.text(number).utf8)
        case .string(let text): append(text, to: &output)
        case .array(let elements): try append(elements, to: &output)
        case .object(let members): try append(members, to: &output)
        }
    }

    private static func append(_ elements: [JSONValue], to output: inout [UInt8]) throws(AuditError) {
        output.append(UInt8(ascii: "["))
        for (position, element) in elements.enumerated() {
            if position > 0 { output.append(UInt8(ascii: ",")) }
            try append(element, to: &output)
        }
        output.append(UInt8(ascii: "]"))
    }

    private static func append(_ members: [String: JSONValue], to output: inout [UInt8]) throws(AuditError) {
        output.append(UInt8(ascii: "{"))
        for (position, member) in members.sorted(by: { precedes($0.key, $1.key) }).enumerated() {
            if position > 0 { output.append(UInt8(ascii: ",")) }
            append(member.key, to: &output)
            output.append(UInt8(ascii: ":"))
            try append(member.value, to: &output)
        }
        output.append(UInt8(ascii: "}"))
    }

    /// The order of UTF-8 is the order of UTF-16 but for what begins at U+E000: surrogate pairs come before it.
    static func precedes(_ one: String, _ other: String) -> Bool {
        let highest: UInt8 = 0xEE
        if one.utf8.contains(where: { $0 >= highest }) || other.utf8.contains(where: { $0 >= highest }) {
            return one.utf16.lexicographicallyPrecedes(other.utf16)
        }
        return one.utf8.lexicographicallyPrecedes(other.utf8)
    }

    private static func append(_ text: String, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                output.append(UInt8(ascii: "\\"))
                output.append(byte)
            case 0..<0x20: appendControl(byte, to: &output)
            default: output.append(byte)
            }
        }
        output.append(UInt8(ascii: "\""))
    }

    private static func appendControl(_ byte: UInt8, to output: inout [UInt8]) {
        let short: Character? =
            switch byte {
            case 0x08: "b"
            case 0x09: "t"
            case 0x0A: "n"
            case 0x0C: "f"
            case 0x0D: "r"
            default: nil
            }
        if let short {
            output.append(contentsOf: "\\\(short)".utf8)
        } else {
            output.append(contentsOf: (byte < 0x10 ? "\\u000" : "\\u00").utf8)
            output.append(contentsOf: String(byte, radix: 16).utf8)
        }
    }

    /// Whether what follows a backslash is the one form for this character.
    static func isEscape(_ text: ArraySlice<UInt8>, of scalar: Unicode.Scalar) -> Bool {
        var form: [UInt8] = []
        switch scalar {
        case "\"", "\\": form = [UInt8(ascii: "\\"), UInt8(ascii: scalar)]
        case "\0"..<" ": appendControl(UInt8(ascii: scalar), to: &form)
        default: return false
        }
        return form.dropFirst().elementsEqual(text)
    }
}
