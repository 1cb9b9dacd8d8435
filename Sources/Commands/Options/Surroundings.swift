import Foundation

/// What a verb takes from the process that it runs in.
struct Surroundings: Sendable {
    var environment: [String: String]
    /// Absolute.
    var folder: String

    static func current() -> Surroundings {
        Surroundings(
            environment: ProcessInfo.processInfo.environment, folder: FileManager.default.currentDirectoryPath)
    }

    var console: Console { .standard(environment) }

    /// The path as a person wrote it, absolute and without `.` and `..`.
    func absolute(_ path: String) -> String {
        let whole = path.hasPrefix("/") ? path : "\(folder)/\(path)"
        var parts: [Substring] = []
        for part in whole.split(separator: "/") where part != "." {
            if part == ".." { parts = parts.dropLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }

    /// Relative where that is shorter for a reader: below the working folder.
    func shown(_ path: String) -> String {
        path.hasPrefix(folder + "/") ? String(path.dropFirst(folder.count + 1)) : path
    }
}
