import Domain

/// What a platform says in its errors: it repeats what it was sent, and tries to move cursors. It reaches the engine as the
/// adapters hand it on.
enum HostileText {
    /// The key that it was asked with.
    static let secret = "hunter2~simulated~key"
    /// A byte of the secret that no other text of a run holds.
    static let mark = UInt8(ascii: "~")

    static func heard(_ message: String) -> String {
        UntrustedText.cleaned("\(message)\u{1B}[2J (key \(secret))\u{202E}", secrets: [secret])
    }
}
