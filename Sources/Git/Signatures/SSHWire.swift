/// Reads the length-prefixed binary form of SSH keys and signatures (RFC 4251 §5); every read is bounds-checked.
struct SSHReader: Sendable {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: some Sequence<UInt8>) { rest = ArraySlice(bytes) }

    var isAtEnd: Bool { rest.isEmpty }
    var remaining: ArraySlice<UInt8> { rest }

    mutating func take(_ count: Int) -> [UInt8]? {
        guard count >= 0, rest.count >= count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    mutating func number() -> UInt32? {
        take(4).map { $0.reduce(0) { $0 << 8 | UInt32($1) } }
    }

    mutating func string() -> [UInt8]? {
        guard let count = number(), count <= Self.maxStringBytes else { return nil }
        return take(Int(count))
    }

    mutating func text() -> String? {
        string().flatMap { String(validating: $0, as: UTF8.self) }
    }

    /// A non-negative multiple-precision integer as exactly `count` big-endian bytes; `nil` where it is negative, not in
    /// its shortest form, or does not fit.
    mutating func magnitude(bytes count: Int) -> [UInt8]? {
        guard var digits = string() else { return nil }
        if let first = digits.first {
            if first & 0x80 != 0 { return nil }
            if first == 0 {
                guard digits.count > 1, digits[1] & 0x80 != 0 else { return nil }
                digits.removeFirst()
            }
        }
        guard digits.count <= count else { return nil }
        return [UInt8](repeating: 0, count: count - digits.count) + digits
    }

    private static let maxStringBytes: UInt32 = 1 << 16
}

extension [UInt8] {
    /// Appends an SSH string: four bytes of length, then the bytes.
    mutating func appendSSH(_ bytes: some Collection<UInt8>) {
        append(sshNumber: UInt32(truncatingIfNeeded: bytes.count))
        append(contentsOf: bytes)
    }

    mutating func appendSSH(_ text: String) { appendSSH(Array(text.utf8)) }

    mutating func append(sshNumber number: UInt32) {
        for shift in stride(from: 24, through: 0, by: -8) { append(UInt8(truncatingIfNeeded: number >> shift)) }
    }
}
