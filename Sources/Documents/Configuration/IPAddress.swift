/// A literal IPv4 or IPv6 address, as far as "is it private?" needs it.
struct IPAddress: Hashable, Sendable {
    /// 4 or 16; an IPv4 address in IPv6 clothes is unwrapped to 4.
    private let bytes: [UInt8]

    init?(_ text: String) {
        guard let read = IPAddress.v4(text[...]) ?? IPAddress.v6(text) else { return nil }
        let isWrapped =
            read.count == 16 && (read[..<12] == IPAddress.mapped[...] || read[..<12] == IPAddress.nat64[...])
        bytes = isWrapped ? Array(read[12...]) : read
    }

    private static let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
    private static let nat64: [UInt8] = [0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0]

    var isLoopback: Bool {
        bytes.count == 4 ? bytes[0] == 127 : bytes == Array(repeating: 0, count: 15) + [1]
    }

    /// Private, link-local, shared, unspecified, multicast or reserved: no public service is there.
    var isPrivate: Bool {
        if bytes.count == 16 {
            let isUnspecified = bytes.allSatisfy { $0 == 0 }
            return isLoopback || isUnspecified || bytes[0] & 0xFE == 0xFC || bytes[0] == 0xFF
                || (bytes[0] == 0xFE && bytes[1] & 0x80 != 0)
        }
        return switch (bytes[0], bytes[1]) {
        case (0, _), (10, _), (127, _), (169, 254), (192, 168), (198, 18...19), (224..., _): true
        case (100, 64...127), (172, 16...31): true
        default: bytes[0] == 192 && bytes[1] == 0 && bytes[2] == 0
        }
    }

    private static func v4(_ text: Substring) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bytes: [UInt8] = []
        for part in parts {
            guard let byte = UInt8(part), part.utf8.first != 0x2B, part.count == 1 || part.first != "0" else {
                return nil
            }
            bytes.append(byte)
        }
        return bytes
    }

    private static func v6(_ text: String) -> [UInt8]? {
        let address = text.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)[0]
        guard address.contains(":"), address.utf8.count <= 45, !address.contains(":::") else { return nil }
        var halves: [Substring] = [address]
        if let gap = doubleColon(in: address) {
            halves = [address[..<gap], address[address.index(gap, offsetBy: 2)...]]
            if doubleColon(in: halves[1]) != nil { return nil }
        }
        guard let head = groups(halves[0]) else { return nil }
        if halves.count == 1 { return head.count == 16 ? head : nil }
        guard let tail = groups(halves[1]), head.count + tail.count <= 14 else { return nil }
        return head + Array(repeating: 0, count: 16 - head.count - tail.count) + tail
    }

    private static func doubleColon(in text: Substring) -> Substring.Index? {
        zip(text.indices, text.indices.dropFirst()).first { text[$0] == ":" && text[$1] == ":" }?.0
    }

    private static func groups(_ text: Substring) -> [UInt8]? {
        if text.isEmpty { return [] }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        var bytes: [UInt8] = []
        for (index, part) in parts.enumerated() {
            if index == parts.count - 1, let tail = v4(part) {
                bytes += tail
            } else {
                guard (1...4).contains(part.utf8.count), part.utf8.first != 0x2B, let group = UInt16(part, radix: 16)
                else { return nil }
                bytes += [UInt8(group >> 8), UInt8(group & 0xFF)]
            }
        }
        return bytes
    }
}
