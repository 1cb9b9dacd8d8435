import Foundation
import Glibc
import Synchronization

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

    /// Data, as it is. What cannot be written is told when the verb ends: see `failure`.
    func out(_ text: String) {
        let number = Console.write(text, to: STDOUT_FILENO)
        // A reader that went away is nobody's fault: what it does not read is not written.
        if number != 0, number != EPIPE { Console.lost.withLock { $0 = $0 ?? number } }
    }

    /// One message, with its line end.
    func note(_ message: String) { Console.error(message + "\n") }

    /// Text for standard error, as it is.
    static func error(_ text: String) { _ = write(text, to: STDERR_FILENO) }

    /// Why data is missing on standard output: a verb whose answer is cut off has not succeeded, whatever it found.
    static var failure: CommandFailure? {
        lost.withLock { $0 }.map { number in
            CommandFailure(
                .unusable, "standard output cannot be written: \(String(cString: strerror(number)))",
                remedy: "What was printed is not whole; what the verb did is done.")
        }
    }

    /// The first error of standard output.
    private static let lost = Mutex<Int32?>(nil)

    /// - Returns: the error that ended it; 0: all was written.
    private static func write(_ text: String, to descriptor: Int32) -> Int32 {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                bytes = bytes.dropFirst(count)
            } else if count == 0 {
                // A device that takes nothing would be asked for ever.
                return EIO
            } else if errno == EAGAIN {
                // Who shares the pipe with us made it one that does not wait.
                var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&wanted, 1, -1)
            } else if errno != EINTR {
                return errno
            }
        }
        return 0
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
