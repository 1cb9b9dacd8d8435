import Testing

@testable import Git

@Suite("Descriptors for a child process")
struct DescriptorTests {
    @Test func `enough are there, and more than the limit are not`() throws {
        try Descriptors.requireForChild()
        let error = try #require(throws: GitError.self) { try Descriptors.requireForChild(1 << 40) }
        #expect(error.message.contains("too many files are open"))
    }
}
