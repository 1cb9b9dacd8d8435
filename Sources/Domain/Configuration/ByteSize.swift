/// A number of bytes as people write it: `100 MiB`.
package struct ByteSize: Hashable, Sendable, Comparable {
    /// In falling order.
    private static let units: [(name: String, bytes: Int64)] = [
        ("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10),
    ]

    package var bytes: Int64

    package init(bytes: Int64) { self.bytes = bytes }

    package static func kibibytes(_ count: Int64) -> ByteSize { ByteSize(bytes: count << 10) }
    package static func mebibytes(_ count: Int64) -> ByteSize { ByteSize(bytes: count << 20) }

    /// A whole number and a unit, with at most one space between them; nil for anything else and for what does not fit 64 bits.
    package init?(text: String) {
        let digits = text.prefix { $0 >= "0" && $0 <= "9" }
        var rest = text.dropFirst(digits.count)
        if rest.first == " " { rest = rest.dropFirst() }
        guard let count = Int64(digits), let unit = Self.units.first(where: { $0.name == rest }) else { return nil }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: unit.bytes)
        if overflow { return nil }
        self.bytes = bytes
    }

    /// The shortest form that reads back as the same number, where it is one of whole KiB.
    package var text: String {
        guard let unit = Self.units.first(where: { bytes >= $0.bytes && bytes % $0.bytes == 0 }) else {
            return "\(bytes) bytes"
        }
        return "\(bytes / unit.bytes) \(unit.name)"
    }

    package static func < (one: ByteSize, other: ByteSize) -> Bool { one.bytes < other.bytes }
}
