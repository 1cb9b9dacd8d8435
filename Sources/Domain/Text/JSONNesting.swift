/// A look at JSON from outside before it is parsed. Foundation's decoder (swift-foundation of 6.3) ends the whole process where
/// an input ends with the very bracket that goes beyond its own limit of 512, so that nothing near it may reach it.
package enum JSONNesting {
    /// Far more than anybody whom we ask or who calls us sends.
    package static let maxDepth = 128

    /// - Throws: `dataCorrupted` for what is nested more deeply, and for what is not UTF-8: only there has JSON no NUL, and in
    ///   any other encoding quotes and brackets would be other bytes than those that are counted here.
    package static func check(_ bytes: some Sequence<UInt8>) throws(DecodingError) {
        var depth = 0
        var isInString = false
        var isEscaped = false
        for byte in bytes {
            guard byte != 0 else { throw corrupted("it is not UTF-8") }
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                depth += 1
                guard depth <= maxDepth else { throw corrupted("it is nested more than \(maxDepth) deep") }
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
            default: break
            }
        }
    }

    private static func corrupted(_ what: String) -> DecodingError {
        .dataCorrupted(DecodingError.Context(codingPath: [], debugDescription: what))
    }
}
