import Foundation

/// Where the build put things: a test bundle lies beside the executables of its package.
package enum BuiltProducts {
    package struct Missing: Error, CustomStringConvertible {
        package let path: String
        package var description: String { "\(path) is not built; the test target must depend on it" }
    }

    /// The folder that holds the running test bundle, taken from the process itself.
    package static var folder: String {
        let executable = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(filePath: executable).deletingLastPathComponent().path(percentEncoded: false)
            .trimmingSuffix("/")
    }

    /// The `ballast` binary of this build. In tests `/proc/self/exe` is the test bundle, so that whatever starts
    /// itself as a worker must be given this path.
    package static func ballast() throws -> String { try executable("ballast") }

    package static func executable(_ name: String) throws -> String {
        let path = "\(folder)/\(name)"
        guard FileManager.default.isExecutableFile(atPath: path) else { throw Missing(path: path) }
        return path
    }

    /// Whether a program is in `PATH`; for `.enabled(if:)` of tests that need what a machine may lack.
    package static func hasProgram(_ name: String) -> Bool { programPath(name) != nil }

    package static func programPath(_ name: String) -> String? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}

extension String {
    fileprivate func trimmingSuffix(_ suffix: String) -> String {
        hasSuffix(suffix) && count > suffix.count ? String(dropLast(suffix.count)) : self
    }
}
