import Domain
import Exchange
import NIOCore
import Testing

@Suite("Addresses that a client may use")
struct AddressTests {
    static let privateLiterals = [
        "0.0.0.0", "0.255.255.255", "10.0.0.0", "10.255.255.255", "100.64.0.0", "100.127.255.255", "127.0.0.1",
        "127.255.255.255", "169.254.0.0", "169.254.169.254", "172.16.0.0", "172.31.255.255", "192.0.0.8", "192.0.2.1",
        "192.88.99.1", "192.168.0.0", "192.168.255.255", "198.18.0.0", "198.19.255.255", "198.51.100.7", "203.0.113.9",
        "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::8.8.8.8", "64:ff9b::808:808", "64:ff9b:1::1", "100::1",
        "fc00::1", "fdff:ffff::1", "fe80::1", "febf::1", "fec0::1", "ff02::1", "2001::1", "2001:2::1", "2001:10::1",
        "2001:1ff:ffff::1", "2001:db8::1", "2001:db8:ffff::1", "2002:7f00:1::", "2002:808:808::1", "3fff::1",
        "3fff:fff::1", "4000::1", "1fff::1",
    ]

    static let publicLiterals = [
        "1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.1",
        "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.0.3.0", "192.88.98.1",
        "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "198.51.101.0", "203.0.112.255",
        "203.0.114.0",
        "223.255.255.255", "8.8.8.8",
        "2000::1", "2001:200::1", "2001:db7:ffff::1", "2001:db9::1", "2003::1", "2606:4700::1111", "3ffe::1",
        "3fff:1000::1",
    ]

    @Test("what is special is refused", arguments: privateLiterals)
    func refused(literal: String) throws {
        #expect(try #require(IPBytes(literal: literal)).isPublic == false)
        #expect(AddressPolicy.publicOnly.allows(try SocketAddress(ipAddress: literal, port: 443)) == false)
        #expect(AddressPolicy.any.allows(try SocketAddress(ipAddress: literal, port: 443)))
    }

    @Test("its neighbours are allowed", arguments: publicLiterals)
    func allowed(literal: String) throws {
        #expect(AddressPolicy.publicOnly.allows(try SocketAddress(ipAddress: literal, port: 443)))
        #expect(AddressPolicy.loopback.allows(try SocketAddress(ipAddress: literal, port: 443)) == false)
    }

    @Test("an address that is unknown or a path is no address of the network")
    func withoutAddress() throws {
        #expect(AddressPolicy.publicOnly.allows(nil) == false)
        #expect(AddressPolicy.loopback.allows(try SocketAddress(unixDomainSocketPath: "/tmp/x")) == false)
    }

    @Test("only loopback passes for plain http")
    func loopback() throws {
        #expect(AddressPolicy.loopback.allows(try SocketAddress(ipAddress: "127.9.9.9", port: 1)))
        #expect(AddressPolicy.loopback.allows(try SocketAddress(ipAddress: "::1", port: 1)))
        #expect(!AddressPolicy.loopback.allows(try SocketAddress(ipAddress: "::2", port: 1)))
        #expect(!AddressPolicy.loopback.allows(try SocketAddress(ipAddress: "::ffff:127.0.0.1", port: 1)))
    }

    @Test(
        "good addresses keep their text, but for a slash at the end",
        arguments: [
            ("https://a.example", "https://a.example", "https://a.example", ""),
            ("https://a.example/", "https://a.example", "https://a.example", ""),
            ("HTTPS://a.example:8443/api/", "HTTPS://a.example:8443/api", "https://a.example:8443", "/api"),
            ("https://a.example/x?token=1", "https://a.example/x?token=1", "https://a.example", "/x?token=1"),
            ("https://a.example?k=/", "https://a.example?k=/", "https://a.example", "?k=/"),
            ("http://127.0.0.1:80/x", "http://127.0.0.1:80/x", "http://127.0.0.1:80", "/x"),
            ("http://[::1]:80", "http://[::1]:80", "http://[::1]:80", ""),
            ("http://LOCALHOST:1", "http://LOCALHOST:1", "http://LOCALHOST:1", ""),
        ])
    func good(given: String, text: String, shown: String, rest: String) throws {
        let address = try WebAddress(given, allowsQuery: true)
        #expect(address.text == text)
        #expect(address.shown == shown)
        #expect(address.pathAndQuery == rest)
    }

    @Test(
        "bad ones are told apart, and never repeated whole",
        arguments: [
            ("", ExchangeError.Code.addressInvalid), ("a.example", .addressInvalid), ("https://", .addressInvalid),
            ("ftp://a.example/SECRET", .addressInvalid), ("https://u:SECRET@a.example", .addressInvalid),
            ("https://SECRET@a.example", .addressInvalid), ("https://a.example/#SECRET", .addressInvalid),
            ("https://a.example/SECRET\u{202E}", .addressInvalid), ("https://a.example/SECRET\n", .addressInvalid),
            ("http://a.example/SECRET", .addressInsecure), ("http://10.0.0.1/SECRET", .addressInsecure),
            ("http://127.1/SECRET", .addressInsecure), ("http://0x7f000001/SECRET", .addressInsecure),
            ("http://[::ffff:127.0.0.1]/SECRET", .addressInsecure),
            ("http://localhost.a.example/SECRET", .addressInsecure),
        ])
    func bad(given: String, code: ExchangeError.Code) {
        let error = #expect(throws: ExchangeError.self) { try WebAddress(given, allowsQuery: true) }
        #expect(error?.code == code)
        #expect(error?.description.contains("SECRET") == false)
    }

    @Test("too long, and a query where none may be")
    func limits() {
        let long = "https://a.example/" + String(repeating: "x", count: WebAddress.maxBytes)
        #expect(throws: ExchangeError.self) { try WebAddress(long, allowsQuery: true) }
        #expect(throws: ExchangeError.self) { try WebAddress("https://a.example/?a=b", allowsQuery: false) }
    }
}
