import Domain
import Testing

@Suite struct ByteSizeTests {
    @Test(arguments: [("16 KiB", 16384), ("100MiB", 104_857_600), ("1 TiB", 1 << 40), ("0 KiB", 0)])
    func reads(text: String, bytes: Int64) { #expect(ByteSize(text: text)?.bytes == bytes) }

    @Test(arguments: [
        "", "1", "KiB", "1 kB", "1  MiB", "-1 MiB", "+1 MiB", "1.5 MiB", "1 MiB ", "9999999999 TiB", "1 mib",
    ])
    func refuses(text: String) { #expect(ByteSize(text: text) == nil) }

    @Test(arguments: ["16 KiB", "100 MiB", "1 GiB", "1 TiB", "1025 KiB"])
    func isWrittenAsItIsRead(text: String) { #expect(ByteSize(text: text)?.text == text) }
}
