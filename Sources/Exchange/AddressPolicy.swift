package import NIOCore

/// To which addresses a client may connect. Judged on the address of the connection itself, after the name was resolved,
/// so that a name that changes between a look and the connection gains nothing.
package enum AddressPolicy: String, Hashable, Sendable, CaseIterable {
    case any
    /// For plain `http`, which is for this machine only.
    case loopback
    /// For addresses that people outside may have chosen: nothing on this machine or in its networks.
    case publicOnly

    package func allows(_ address: SocketAddress?) -> Bool {
        if self == .any { return true }
        guard let address, let bytes = IPBytes(address) else { return false }
        return self == .loopback ? bytes.isLoopback : bytes.isPublic
    }
}

/// A connection that was made and must not be used.
struct RefusedAddress: Error {
    /// The address, for people.
    var shown: String
}

/// The 4 or 16 bytes of an IP address.
package struct IPBytes: Hashable, Sendable {
    package let bytes: [UInt8]

    package init?(_ address: SocketAddress) {
        // The fixed layout of the kernel's structures: family and port, in version 6 the flow, then the address.
        switch address {
        case .v4(let address): bytes = withUnsafeBytes(of: address.address) { Array($0[4..<8]) }
        case .v6(let address): bytes = withUnsafeBytes(of: address.address) { Array($0[8..<24]) }
        case .unixDomainSocket: return nil
        }
    }

    /// A literal in its canonical notation (`127.0.0.1`, `::1`); names and loose notations (`127.1`) are none.
    package init?(literal: String) {
        guard let address = try? SocketAddress(ipAddress: literal, port: 0) else { return nil }
        self.init(address)
    }

    package var isLoopback: Bool {
        bytes.count == 4 ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
    }

    /// What the registries of special addresses (RFC 6890 and its updates) leave as globally reachable unicast.
    package var isPublic: Bool { bytes.count == 4 ? isPublicV4 : isPublicV6 }

    private var isPublicV4: Bool {
        !IPBytes.specialV4.contains { matches($0.prefix, bits: $0.bits) }
    }

    /// In version 6 the list of what is allowed is the shorter one: 2000::/3 without its special parts. That refuses
    /// loopback, unspecified, mapped and compatible version 4, NAT64, unique local, link-local and multicast at once.
    private var isPublicV6: Bool {
        bytes[0] & 0xE0 == 0x20 && !IPBytes.specialV6.contains { matches($0.prefix, bits: $0.bits) }
    }

    private func matches(_ prefix: [UInt8], bits: Int) -> Bool {
        for index in 0..<(bits + 7) / 8 {
            let left = bits - index * 8
            let mask: UInt8 = left >= 8 ? 0xFF : ~(0xFF >> UInt8(left))
            let wanted = index < prefix.count ? prefix[index] : 0
            if bytes[index] & mask != wanted & mask { return false }
        }
        return true
    }

    private static let specialV4: [(prefix: [UInt8], bits: Int)] = [
        ([0], 8),  // this network
        ([10], 8),  // private
        ([100, 64], 10),  // carrier-grade NAT
        ([127], 8),  // loopback
        ([169, 254], 16),  // link-local; metadata services of clouds
        ([172, 16], 12),  // private
        ([192, 0, 0], 24),  // protocol assignments
        ([192, 0, 2], 24),  // documentation
        ([192, 88, 99], 24),  // 6to4 relays
        ([192, 168], 16),  // private
        ([198, 18], 15),  // benchmarks
        ([198, 51, 100], 24),  // documentation
        ([203, 0, 113], 24),  // documentation
        ([224], 4),  // multicast
        ([240], 4),  // reserved, broadcast
    ]

    private static let specialV6: [(prefix: [UInt8], bits: Int)] = [
        ([0x20, 0x01, 0x00], 23),  // protocol assignments: Teredo, ORCHID, benchmarks
        ([0x20, 0x01, 0x0D, 0xB8], 32),  // documentation
        ([0x20, 0x02], 16),  // 6to4: a version 4 address inside
        ([0x3F, 0xFF, 0x00], 20),  // documentation
    ]
}
