import Foundation

/// The one form of JSON that Ballast prints: indented, members in the order of their names, so that two runs differ only
/// where the world does.
package enum WireJSON {
    /// With a line end.
    package static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
    }
}
