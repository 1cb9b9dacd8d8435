package import Documents
package import Domain

/// A file of manifests as it was read, before it is known who asked for it.
package struct FileReading: Sendable {
    package enum Content: Sendable {
        case documents([DecodedPart])
        case unreadable(Problem)
    }

    package var path: String
    package var content: Content

    /// All problems of the file.
    package var problems: [Problem] {
        switch content {
        case .documents(let parts): parts.flatMap(\.problems)
        case .unreadable(let problem): [problem]
        }
    }
}

/// Decodes files on several cores; the number of tasks is bounded, whatever the number of files.
struct FileDecoding: Sendable {
    let decoder: ManifestDecoder

    private static let maxTasks = 4
    private static let minFilesPerTask = 32

    func decode(_ bytes: [UInt8], path: String) -> FileReading {
        let file = decoder.decode(file: bytes, path: path)
        if let problem = file.problems.first {
            return FileReading(path: path, content: .unreadable(problem))
        }
        return FileReading(path: path, content: .documents(file.parts))
    }

    /// In the order given.
    func decode(_ files: [(path: String, bytes: [UInt8])]) async -> [FileReading] {
        guard files.count > Self.minFilesPerTask else { return files.map { decode($0.bytes, path: $0.path) } }
        let size = max(Self.minFilesPerTask, (files.count + Self.maxTasks - 1) / Self.maxTasks)
        return await withTaskGroup(of: (Int, [FileReading]).self) { group in
            for start in stride(from: 0, to: files.count, by: size) {
                let some = files[start..<min(start + size, files.count)]
                group.addTask { (start, some.map { decode($0.bytes, path: $0.path) }) }
            }
            var parts: [Int: [FileReading]] = [:]
            for await (start, readings) in group { parts[start] = readings }
            return parts.sorted { $0.key < $1.key }.flatMap(\.value)
        }
    }
}
