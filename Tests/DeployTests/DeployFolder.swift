import Foundation
import Support
import Yams

/// What stands in `deploy/`, and the programs that judge it.
enum DeployFolder {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path(percentEncoded: false)

    static func path(_ name: String) -> String { "\(root)deploy/\(name)" }

    static func text(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: path(name))), as: UTF8.self)
    }

    /// The files in a folder, by name.
    static func files(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path(folder)).sorted()
    }

    static func yaml(_ name: String) throws -> [String: Any] {
        try Yams.load(yaml: try text(name)) as? [String: Any] ?? [:]
    }

    /// Where `deploy/test` puts what it does not install.
    private static let places = [".build/deploy-checkers/bin", ".build/deploy-checkers/python/bin"]

    /// A checker's path; nil where the machine has none.
    static func checker(_ name: String) -> String? {
        places.map { "\(root)\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
            ?? BuiltProducts.programPath(name)
    }

    static func has(_ name: String) -> Bool { checker(name) != nil }

    /// Runs a checker below `deploy/`; for tests that are enabled where it is.
    static func check(_ name: String, _ arguments: [String], in folder: String = "") async throws -> ProcessOutput {
        try await runProcess(checker(name) ?? name, arguments, in: path(folder))
    }
}

/// A member below members; nil where there is none.
func member(_ value: Any?, _ path: String...) -> Any? {
    path.reduce(value) { found, name in
        if let index = Int(name) {
            let list = found as? [Any] ?? []
            return list.indices.contains(index) ? list[index] : nil
        }
        return (found as? [String: Any])?[name]
    }
}
