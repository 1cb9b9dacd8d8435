import Foundation
import Glibc

/// Where an export goes: standard output, or a file that is there whole or not at all.
final class ExportOutput {
    private static let flushBytes = 64 << 10

    private let console: Console
    private let path: String?
    private var descriptor: Int32 = -1
    private var pending = ""

    private var draft: String { (path ?? "") + ".partial" }

    /// - Parameter path: nil: standard output.
    init(path: String?, console: Console) throws {
        self.path = path
        self.console = console
        guard path != nil else { return }
        unlink(draft)
        descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw failure("made") }
    }

    deinit {
        guard descriptor >= 0 else { return }
        close(descriptor)
        unlink(draft)
    }

    func write(_ text: String) throws {
        pending += text
        if pending.utf8.count >= Self.flushBytes { try flush() }
    }

    /// Until then the file of that name, if there is one, stays as it is.
    func finish() throws {
        try flush()
        guard let path, descriptor >= 0 else { return }
        guard fsync(descriptor) == 0, rename(draft, path) == 0 else { throw failure("written") }
        close(descriptor)
        descriptor = -1
    }

    private func flush() throws {
        defer { pending = "" }
        guard descriptor >= 0 else { return console.out(pending) }
        var bytes = Array(pending.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("written") }
            bytes = bytes.dropFirst(count)
        }
    }

    private func failure(_ what: String) -> CommandFailure {
        CommandFailure(
            .unusable, "\(path ?? "") cannot be \(what): \(String(cString: strerror(errno)))",
            remedy: "Name another file with --output; nothing was left behind.")
    }
}
