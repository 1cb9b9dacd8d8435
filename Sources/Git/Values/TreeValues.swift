/// What kind of thing a tree entry is. Links and submodules are named, never followed.
package enum EntryKind: String, Hashable, Sendable, Codable {
    case file
    /// A file with the executable bit; read like any other.
    case executable
    /// Mode 120000.
    case symbolicLink
    /// Mode 160000.
    case submodule
    case folder

    init?(mode: UInt32) {
        switch mode {
        case 0o100755: self = .executable
        case 0o100644, 0o100664: self = .file
        case 0o120000: self = .symbolicLink
        case 0o160000: self = .submodule
        case 0o040000: self = .folder
        default: return nil
        }
    }

    /// True for what has content that may be read.
    package var isFile: Bool { self == .file || self == .executable }
}

/// One entry of a tree.
package struct TreeEntry: Hashable, Sendable, Codable {
    package var path: TreePath
    package var kind: EntryKind
    /// The blob, the subtree, or the foreign commit of a submodule.
    package var id: ObjectID

    package init(path: TreePath, kind: EntryKind, id: ObjectID) {
        self.path = path
        self.kind = kind
        self.id = id
    }
}

/// A path at which two trees differ. At least one side is there; a side of kind `folder` means a folder too deep to look into.
package struct PathChange: Hashable, Sendable, Codable {
    /// One side of the change.
    package struct Side: Hashable, Sendable, Codable {
        package var kind: EntryKind
        package var id: ObjectID

        package init(kind: EntryKind, id: ObjectID) {
            self.kind = kind
            self.id = id
        }
    }

    package var path: TreePath
    /// `nil`: the path is new.
    package var old: Side?
    /// `nil`: the path was removed.
    package var new: Side?

    package init(path: TreePath, old: Side?, new: Side?) {
        self.path = path
        self.old = old
        self.new = new
    }
}

/// What was asked for one blob.
package enum BlobAnswer: Hashable, Sendable {
    case content([UInt8])
    /// Larger than the caller's limit: the size was asked, the content not read.
    case tooLarge(bytes: UInt64)
    case missing
    /// The id names something that is no blob.
    case notABlob
}
