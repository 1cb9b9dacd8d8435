/// A pattern with wildcards, matched in time proportional to pattern times text, without recursion, so that a hostile
/// pattern costs nothing.
package enum Glob {
    /// For names and ids: `*` is any run of characters, `?` any single one.
    package static func matches(id pattern: String, _ text: String) -> Bool {
        let tokens = pattern.unicodeScalars.map { scalar in
            switch scalar {
            case "*": Element.many
            case "?": Element.one
            default: Element.exactly(scalar)
            }
        }
        return matches(
            tokens[...], Array(text.unicodeScalars)[...], isMany: { $0 == .many },
            { token, scalar in token == .one || token == .exactly(scalar) })
    }

    /// For paths: `*` and `?` stay within one folder's name, `**` as a whole segment is any number of segments.
    package static func matches(path pattern: String, _ path: String) -> Bool {
        let segments = pattern.split(separator: "/").map(String.init)
        let names = path.split(separator: "/").map(String.init)
        return matches(segments[...], names[...], isMany: { $0 == "**" }, { matches(id: $0, $1) })
    }

    private enum Element: Hashable {
        case exactly(Unicode.Scalar)
        case one
        case many
    }

    /// Goes back to the last `many` alone, which suffices: an earlier one could only match what the last one can.
    private static func matches<Token, Item>(
        _ pattern: ArraySlice<Token>, _ text: ArraySlice<Item>, isMany: (Token) -> Bool, _ test: (Token, Item) -> Bool
    ) -> Bool {
        var token = pattern.startIndex
        var item = text.startIndex
        var retry: (token: Int, item: Int)?
        while item < text.endIndex {
            if token < pattern.endIndex, isMany(pattern[token]) {
                token += 1
                retry = (token, item)
            } else if token < pattern.endIndex, test(pattern[token], text[item]) {
                token += 1
                item += 1
            } else if let again = retry {
                retry = (again.token, again.item + 1)
                (token, item) = (again.token, again.item + 1)
            } else {
                return false
            }
        }
        return pattern[token...].allSatisfy(isMany)
    }
}
