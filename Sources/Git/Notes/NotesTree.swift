/// The tree of a notes commit: notes by the id of their target, flat (`<40 digits>`), fanned out (`ab/<38 digits>`, deeper
/// where git went deeper), or mixed. We write `ab/<38>`: libgit2's own notes stay flat and get slow with their number.
struct NotesTree {
    /// `nil`: no note yet.
    let root: ObjectID?

    /// The blobs of the notes on a target. Usually one; several where a merge by hand left the note in two places.
    func blobs(of target: ObjectID, in objects: borrowing ObjectStore) throws -> [ObjectID] {
        var found: [ObjectID] = []
        var tree = root
        var digits = Array(target.hex.utf8)[...]
        for _ in 0...NotesLimits.maxFanOut {
            guard let current = tree else { break }
            let lines = try Tree(current, from: objects)
            if let line = lines.line(named: digits), !line.isFolder { found.append(line.id) }
            guard digits.count > 2, let inner = lines.line(named: digits.prefix(2)), inner.isFolder else { break }
            tree = inner.id
            digits = digits.dropFirst(2)
        }
        return found
    }

    /// The text of the notes on a target, one after the other; empty where there is none.
    func text(
        of target: ObjectID, in objects: borrowing ObjectStore, maxBytes: Int = NotesLimits.maxNoteBytes
    ) throws -> [UInt8] {
        try text(blobs(of: target, in: objects), on: target, in: objects, maxBytes: maxBytes)
    }

    func text(
        _ blobs: [ObjectID], on target: ObjectID, in objects: borrowing ObjectStore, maxBytes: Int
    ) throws -> [UInt8] {
        var text: [UInt8] = []
        for blob in blobs {
            if let found = try objects.header(blob), found.kind == .blob, found.bytes > UInt64(maxBytes) {
                throw GitError(
                    .tooLarge,
                    "the note on commit \(target.short) has \(found.bytes) bytes and is not read beyond \(maxBytes); somebody "
                        + "else made it so large: `git notes edit` or `git notes remove` it, and push that")
            }
            let more = try objects.read(blob, as: .blob, maxBytes: maxBytes)
            text = text.isEmpty ? more : NoteLines.union(text, more)
        }
        return text
    }

    /// All notes, sorted by target.
    func entries(in objects: borrowing ObjectStore) throws -> [NoteEntry] {
        var found: [NoteEntry] = []
        func visit(_ id: ObjectID, _ prefix: [UInt8]) throws {
            for line in try Tree(id, from: objects).lines {
                let digits = prefix + line.name
                if line.isFolder, line.name.count == 2, digits.count < ObjectID.hexCount, Self.isHex(line.name) {
                    try visit(line.id, digits)
                } else if !line.isFolder, let target = ObjectID(hexBytes: digits) {
                    found.append(NoteEntry(target: target, blob: line.id))
                }
            }
        }
        if let root { try visit(root, []) }
        return found.sorted { $0.target < $1.target }
    }

    /// The root after putting notes in place. Each goes into the deepest fan-out folder that is there for it, `ab/` at
    /// least, and is taken away from wherever else it was; all other entries stay.
    func replacing(
        _ notes: [ObjectID: ObjectID], in objects: borrowing ObjectStore
    ) throws -> ObjectID? {
        guard !notes.isEmpty else { return root }
        let items = notes.map { (digits: Array($0.key.hex.utf8)[...], blob: $0.value) }
        return try Self.put(items, into: root, isRoot: true, objects)
    }

    private static func put(
        _ items: [(digits: ArraySlice<UInt8>, blob: ObjectID)], into id: ObjectID?, isRoot: Bool,
        _ objects: borrowing ObjectStore
    ) throws -> ObjectID {
        let tree = try id.map { try Tree($0, from: objects) } ?? Tree()
        var lines: [ArraySlice<UInt8>: TreeLine] = [:]
        for line in tree.lines { lines[line.name] = line }
        var inner: [ArraySlice<UInt8>: [(digits: ArraySlice<UInt8>, blob: ObjectID)]] = [:]
        for item in items {
            let name = item.digits.prefix(2)
            lines[item.digits] = nil
            if isRoot || lines[name]?.isFolder == true, item.digits.count > 2 {
                inner[name, default: []].append((item.digits.dropFirst(2), item.blob))
            } else {
                lines[item.digits] = TreeLine(mode: TreeLine.fileMode, name: item.digits, id: item.blob)
            }
        }
        for (name, group) in inner {
            let folder = lines[name].flatMap { $0.isFolder ? $0.id : nil }
            let changed = try put(group, into: folder, isRoot: false, objects)
            lines[name] = TreeLine(mode: TreeLine.folderMode, name: name, id: changed)
        }
        return try objects.write(Tree(lines: Array(lines.values)).raw, as: .tree)
    }

    static func isHex(_ name: ArraySlice<UInt8>) -> Bool {
        name.allSatisfy { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
        }
    }
}
