import Foundation

/// A folder that exists for the length of one test and is removed afterwards, whatever happened in it.
package struct TemporaryFolder: Sendable {
    /// Absolute, without a trailing slash.
    package let path: String

    /// The absolute path of something below the folder; nothing is made.
    package func path(_ name: String) -> String { path + "/" + name }

    /// Writes a file, making the folders above it.
    @discardableResult
    package func write(_ text: String, to name: String) throws -> String {
        try write(Array(text.utf8), to: name)
    }

    @discardableResult
    package func write(_ bytes: [UInt8], to name: String) throws -> String {
        let file = path(name)
        try FileManager.default.createDirectory(
            atPath: URL(filePath: file).deletingLastPathComponent().path(percentEncoded: false),
            withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(filePath: file))
        return file
    }

    package func read(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: path(name))), as: UTF8.self)
    }

    package func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: path(name))))
    }

    package func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

    @discardableResult
    package func makeFolder(_ name: String) throws -> String {
        try FileManager.default.createDirectory(atPath: path(name), withIntermediateDirectories: true)
        return path(name)
    }
}

/// Runs `body` with a new empty folder (mode 0700) and removes the folder afterwards, also where `body` threw or took
/// away the right to write in it.
package func withTemporaryFolder<Result>(_ body: (TemporaryFolder) async throws -> Result) async throws -> Result {
    let folder = try makeTemporaryFolder()
    defer { remove(folder) }
    return try await body(folder)
}

private func makeTemporaryFolder() throws -> TemporaryFolder {
    let url = FileManager.default.temporaryDirectory.appending(path: "ballast-test-\(UUID().uuidString.lowercased())")
    try FileManager.default.createDirectory(
        at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    return TemporaryFolder(path: url.resolvingSymlinksInPath().path(percentEncoded: false))
}

private func remove(_ folder: TemporaryFolder) {
    if (try? FileManager.default.removeItem(atPath: folder.path)) != nil { return }
    let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    for name in [folder.path] + names.map(folder.path(_:)) {
        try? FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: name)
    }
    try? FileManager.default.removeItem(atPath: folder.path)
}
