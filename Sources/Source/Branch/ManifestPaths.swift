import Domain
import Git

/// Which paths of a tree hold manifests, and what is wrong with those that cannot be read.
struct ManifestPaths: Sendable {
    /// Without slashes at its ends; empty for the whole tree.
    let folder: String

    /// `*.yaml` and `*.yml` below the folder; nothing that begins with a dot, and nothing inside such a folder.
    func contains(_ path: TreePath) -> Bool {
        var rest = path.text[...]
        if !folder.isEmpty {
            guard rest.hasPrefix(folder) else { return false }
            rest = rest.dropFirst(folder.count)
            // The configured folder itself is a link, a submodule or a file: one change, at that very path.
            if rest.isEmpty { return true }
            guard rest.first == "/" else { return false }
            rest = rest.dropFirst()
        }
        guard Self.isManifestName(rest) else { return false }
        return !rest.split(separator: "/", omittingEmptySubsequences: false).contains { $0.hasPrefix(".") }
    }

    static func isManifestName(_ name: some StringProtocol) -> Bool {
        name.hasSuffix(".yaml") || name.hasSuffix(".yml")
    }

    static let nameIsNoText = "the name of this file is not plain UTF-8; rename it"

    /// Why an entry is not read; `nil` for a file whose name is plain.
    func obstacle(at path: TreePath, kind: EntryKind) -> Problem? {
        let reason: String
        switch kind {
        case .symbolicLink: reason = "this is a symbolic link; links are not followed: put the manifest itself here"
        case .submodule:
            reason = "this is a submodule; submodules are not followed: put the manifests into this repository"
        case .folder: reason = "this folder is too deep inside others, or named like a manifest; it is not read"
        case .file, .executable:
            if path.text == folder {
                reason = "source.path names a file; it must name a folder"
            } else if !path.isExact {
                reason = Self.nameIsNoText
            } else if path.text.utf8.count > SourceLimits.maxPathBytes {
                reason = "the path is longer than \(SourceLimits.maxPathBytes) bytes"
            } else {
                return nil
            }
        }
        return Problem(path: path.text, line: 0, column: 0, message: reason)
    }

    /// - Throws: `damagedMirror` where the content is not there: a history that was fetched whole has it.
    static func obstacle(at path: String, blob: BlobAnswer) throws(GitError) -> Problem? {
        let reason: String
        switch blob {
        case .content: return nil
        case .tooLarge(let bytes):
            reason = "the file has \(bytes) bytes; at most \(SourceLimits.maxFileBytes) (1 MiB) are allowed"
        case .missing: throw GitError(.damagedMirror, "the copy lacks the content of \(path)")
        case .notABlob: reason = "the repository has no file here"
        }
        return Problem(path: path, line: 0, column: 0, message: reason)
    }
}
