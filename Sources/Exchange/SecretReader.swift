import NIOPosix

/// Reads one secret, anew where its file changed. It may block, so it is called on a thread of its own kind only.
package typealias SecretReader = @Sendable () throws -> String

/// The secrets of one place: the first is current, a second one stands by during a rotation.
package struct SecretList: Sendable {
    private let readers: [SecretReader]

    package init(_ readers: [SecretReader]) { self.readers = readers }

    /// Values without white space at their ends; those that cannot be read are left out.
    /// - Throws: the first error, where none can be read.
    package func read() async throws -> [String] {
        guard !readers.isEmpty else { return [] }
        return try await NIOThreadPool.singleton.runIfActive { [readers] in
            var values: [String] = []
            var first: (any Error)?
            for reader in readers {
                do {
                    values.append(trimmed(try reader()))
                } catch {
                    first = first ?? error
                }
            }
            if values.isEmpty, let first { throw first }
            return values
        }
    }
}

private func trimmed(_ text: String) -> String {
    let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0.isNewline }
    let start = text.drop(while: isSpace)
    guard let end = start.lastIndex(where: { !isSpace($0) }) else { return "" }
    return String(start[...end])
}
