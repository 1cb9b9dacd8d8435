import Domain
import FoundationEssentials

/// JSON that somebody else wrote.
package enum ForeignJSON {
    /// - Throws: `DecodingError`, and what the type's own decoding throws.
    package static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
        try JSONNesting.check(bytes)
        return try JSONDecoder().decode(type, from: Data(bytes))
    }
}
