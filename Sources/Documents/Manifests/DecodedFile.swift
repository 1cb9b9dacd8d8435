package import Domain

/// What a file of manifests holds, document by document.
package struct DecodedFile: Sendable {
    /// In the order of the file, without empty ones.
    package var parts: [DecodedPart]
    /// Of the file as a whole (too large, too many documents); there are no parts then.
    package var problems: [Problem]

    package var allProblems: [Problem] { problems + parts.flatMap(\.problems) }
}

/// One document of a file: a manifest, or why it is none and what could be told of it nevertheless.
package struct DecodedPart: Sendable {
    package enum Result: Sendable {
        case manifest(Manifest)
        case problems([Problem])
    }

    /// Position among the documents of the file, from 0.
    package var index: Int
    package var firstLine: Int
    package var result: Result
    /// As far as it could be read, of bad documents too.
    package var name: String?
    /// As far as it could be read; a missing platform is resolved as for a good document.
    package var key: BotKey?
    package var namePlace: Place
    package var botPlace: Place
    /// The document's bytes as they stand in the file, for comparison between commits.
    package var raw: [UInt8]
    /// Of `spec` alone, as they stand in the file; nil where there is none.
    package var rawSpec: [UInt8]?
    /// Offsets in the file of the value of `spec.version`, quotes included.
    package var versionRange: Range<Int>?

    package var manifest: Manifest? {
        if case .manifest(let manifest) = result { manifest } else { nil }
    }

    package var problems: [Problem] {
        if case .problems(let problems) = result { problems } else { [] }
    }
}
