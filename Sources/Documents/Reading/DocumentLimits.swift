/// What a document may cost at most; each limit has an error of its own.
package enum DocumentLimits {
    package static let maxFileBytes = 1 << 20
    package static let maxDocumentBytes = 64 << 10
    package static let maxDocumentsPerFile = 1000
    package static let maxNestingDepth = 32
    package static let maxVerifyCases = 20
    package static let maxAttempts = 9
    package static let maxWindows = 32
    package static let maxNameCharacters = 63
    package static let maxIDCharacters = 256
    package static let maxTextCharacters = 4096
    package static let maxEntries = 64
    /// Of one document: a hostile one could hold a problem in every byte.
    package static let maxProblems = 100
    /// Of text that is repeated in a message.
    static let maxQuotedCharacters = 60
}
