import Foundation
import Glibc

/// Where a verb prints: data on standard output, everything else on standard error.
package struct Console: Sendable {
    /// Standard output is looked at by a person.
    var outIsTerminal: Bool
    var errorIsTerminal: Bool
    /// Whether data may be coloured.
    var hasColors: Bool

    static func standard(_ environment: [String: String]) -> Console {
        let outIsTerminal = isatty(STDOUT_FILENO) == 1
        let isPlain = !(environment["NO_COLOR"] ?? "").isEmpty || environment["TERM"] == "dumb"
        return Console(
            outIsTerminal: outIsTerminal, errorIsTerminal: isatty(STDERR_FILENO) == 1,
            hasColors: outIsTerminal && !isPlain)
    }

    /// Data, as it is.
    func out(_ text: String) { Console.write(text, to: STDOUT_FILENO) }

    /// One message, with its line end.
    func note(_ message: String) { Console.write(message + "\n", to: STDERR_FILENO) }

    /// Text for standard error, as it is.
    static func error(_ text: String) { write(text, to: STDERR_FILENO) }

    /// A reader that went away is nobody's fault: what it does not read is not written.
    private static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return }
            bytes = bytes.dropFirst(count)
        }
    }
}

/// How a cell looks on a terminal.
enum Paint: String, Sendable {
    case plain = "0"
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"

    func on(_ text: String, _ isOn: Bool) -> String {
        isOn && self != .plain && !text.isEmpty ? "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" : text
    }
}
