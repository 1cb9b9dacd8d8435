/// One line of a tree object.
struct TreeLine: Equatable {
    var mode: UInt32
    var name: ArraySlice<UInt8>
    var id: ObjectID

    var isFolder: Bool { mode == TreeLine.folderMode }

    static let folderMode: UInt32 = 0o040000
    static let fileMode: UInt32 = 0o100644

    /// Git's order: by bytes, a folder as if its name ended with a slash.
    static func precedes(_ left: TreeLine, _ right: TreeLine) -> Bool {
        var first = left.name.makeIterator()
        var second = right.name.makeIterator()
        while true {
            let a = first.next()
            let b = second.next()
            if a == nil, b == nil { return left.isFolder == false && right.isFolder }
            let x = a ?? (left.isFolder ? UInt8(ascii: "/") : 0)
            let y = b ?? (right.isFolder ? UInt8(ascii: "/") : 0)
            if x != y { return x < y }
            if a == nil || b == nil { return a == nil }
        }
    }
}

/// A tree object as plain lines, in git's order.
struct Tree {
    private(set) var lines: [TreeLine]

    /// A larger tree object is refused; about a million entries.
    static let maxTreeBytes = 64 * 1024 * 1024

    init(lines: [TreeLine] = []) {
        self.lines = lines
    }

    init(_ id: ObjectID, from objects: borrowing ObjectStore) throws {
        self = try Tree(id: id, raw: objects.read(id, as: .tree, maxBytes: Self.maxTreeBytes))
    }

    /// Parses `mode SP name NUL id` lines; what is not of that form is damage.
    init(id: ObjectID, raw: [UInt8]) throws(GitError) {
        lines = []
        var index = 0
        while index < raw.count {
            var mode: UInt32 = 0
            while index < raw.count, raw[index] != UInt8(ascii: " ") {
                guard (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(raw[index]), mode < 0o1000000 else {
                    throw Self.malformed(id)
                }
                mode = mode << 3 | UInt32(raw[index] - UInt8(ascii: "0"))
                index += 1
            }
            let nameStart = index + 1
            guard nameStart < raw.count, let nameEnd = raw[nameStart...].firstIndex(of: 0), nameEnd > nameStart,
                nameEnd + ObjectID.byteCount < raw.count,
                let target = ObjectID(bytes: raw[(nameEnd + 1)...(nameEnd + ObjectID.byteCount)])
            else { throw Self.malformed(id) }
            let line = TreeLine(mode: mode, name: raw[nameStart..<nameEnd], id: target)
            // Git sorts; a tree that is not sorted could hide a change from a comparison of two trees.
            if line.name.contains(UInt8(ascii: "/")) { throw Self.malformed(id) }
            if let last = lines.last, !TreeLine.precedes(last, line) { throw Self.malformed(id) }
            lines.append(line)
            index = nameEnd + ObjectID.byteCount + 1
        }
    }

    private static func malformed(_ id: ObjectID) -> GitError {
        GitError(.protocolError, "tree \(id.short) is malformed")
    }

    /// The bytes of the tree object; `lines` need not be sorted.
    var raw: [UInt8] {
        var bytes: [UInt8] = []
        for line in lines.sorted(by: TreeLine.precedes) {
            bytes += Array(String(line.mode, radix: 8).utf8)
            bytes.append(UInt8(ascii: " "))
            bytes += line.name
            bytes.append(0)
            bytes += line.id.bytes
        }
        return bytes
    }

    func line(named name: some Sequence<UInt8>) -> TreeLine? {
        let wanted = Array(name)
        return lines.first { $0.name.elementsEqual(wanted) }
    }

    /// Replaces, adds or (with `nil`) removes the line of this name.
    mutating func set(_ name: [UInt8], to line: TreeLine?) {
        if let index = lines.firstIndex(where: { $0.name.elementsEqual(name) }) {
            if let line { lines[index] = line } else { lines.remove(at: index) }
        } else if let line {
            lines.append(line)
        }
    }
}
