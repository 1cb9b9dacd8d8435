/// Digests, so that the rules that need one stay free of libraries.
package protocol Digests: Sendable {
    /// Lower-case hexadecimal SHA-256.
    func sha256(_ bytes: [UInt8]) -> String
}
