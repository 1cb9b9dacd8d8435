import Domain
import Foundation

/// Finds manifests in folders of this machine. Blocks; called off the cooperative pool.
enum LocalWalk {
    struct Entry: Sendable {
        var path: String
        var isLink: Bool
        /// Why it is not even looked at.
        var obstacle: String?
    }

    struct Obstacle: Error {
        var path: String
        var problem: Problem
    }

    static func entries(at paths: [String]) throws -> [Entry] {
        var found: [Entry] = []
        for path in paths {
            switch try kind(of: path) {
            case .typeDirectory: try walk(path, depth: 0, into: &found)
            default: found.append(Entry(path: path, isLink: false))
            }
        }
        return found
    }

    private static func walk(_ folder: String, depth: Int, into found: inout [Entry]) throws {
        guard depth <= SourceLimits.maxTreeDepth else {
            throw SourceFailure(.tooLarge, "\(folder) is more than \(SourceLimits.maxTreeDepth) folders deep")
        }
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        } catch {
            throw SourceFailure(.local, "\(folder) cannot be listed: \(error.localizedDescription)")
        }
        for name in names where !name.hasPrefix(".") {
            // As everybody else names it: the working folder's own files have no `./` before them.
            let path = folder == "." ? name : folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
            guard let kind = try? linkKind(of: path) else {
                // A name that is no text cannot be asked for; a file that went away meanwhile is told likewise.
                if ManifestPaths.isManifestName(name) {
                    let isText = !name.contains("\u{FFFD}")
                    let reason = isText ? "the file cannot be read" : ManifestPaths.nameIsNoText
                    found.append(Entry(path: path, isLink: false, obstacle: reason))
                }
                continue
            }
            if kind == .typeDirectory {
                try walk(path, depth: depth + 1, into: &found)
            } else if ManifestPaths.isManifestName(name) {
                found.append(Entry(path: path, isLink: kind == .typeSymbolicLink))
            }
            guard found.count <= SourceLimits.maxManifests else {
                throw SourceFailure(.tooLarge, "more than \(SourceLimits.maxManifests) files of manifests")
            }
        }
    }

    /// Follows a link: what is named on the command line is meant.
    private static func kind(of path: String) throws -> FileAttributeType? {
        let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        return try linkKind(of: target, named: path)
    }

    private static func linkKind(of path: String, named: String? = nil) throws -> FileAttributeType? {
        do {
            return try FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
        } catch {
            let isThere = FileManager.default.fileExists(atPath: path)
            throw SourceFailure(
                .notFound,
                isThere
                    ? "\(named ?? path) cannot be read: \(error.localizedDescription)"
                    : "there is no file or folder \(named ?? path)")
        }
    }

    /// A file's bytes; the size is asked first.
    static func content(of entry: Entry) -> Result<(path: String, bytes: [UInt8]), Obstacle> {
        func obstacle(_ message: String) -> Result<(path: String, bytes: [UInt8]), Obstacle> {
            .failure(
                Obstacle(path: entry.path, problem: Problem(path: entry.path, line: 0, column: 0, message: message)))
        }
        if let reason = entry.obstacle { return obstacle(reason) }
        if entry.isLink {
            return obstacle("this is a symbolic link; links are not followed: put the manifest itself here")
        }
        do {
            let attributes = try FileManager.default.attributesOfItem(
                atPath: URL(fileURLWithPath: entry.path).resolvingSymlinksInPath().path)
            guard attributes[.type] as? FileAttributeType == .typeRegular else {
                return obstacle("this is no regular file")
            }
            let size = (attributes[.size] as? NSNumber)?.intValue ?? 0
            guard size <= SourceLimits.maxFileBytes else {
                return obstacle(
                    "the file has \(size) bytes; at most \(SourceLimits.maxFileBytes) (1 MiB) are allowed")
            }
            return .success((entry.path, Array(try Data(contentsOf: URL(fileURLWithPath: entry.path)))))
        } catch {
            return obstacle("the file cannot be read: \(error.localizedDescription)")
        }
    }
}
