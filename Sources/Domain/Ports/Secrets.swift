/// A secret's value, which no description, log or error can show; whoever needs it asks for `reveal()`.
package struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let value: String

    package init(_ value: String) { self.value = value }

    package func reveal() -> String { value }

    package var description: String { "(secret)" }
    package var debugDescription: String { "(secret)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Why a secret can't be had. Names where it was looked for, never what was found.
package struct SecretProblem: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Hashable, Sendable { case absent, forbidden, unreadable, empty, tooLong, notText }

    package var code: Code
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}

/// Reads secrets where the configuration says they are; a file is read again when it changed.
package protocol Secrets: Sendable {
    func read(_ reference: SecretReference) throws(SecretProblem) -> Secret
}
