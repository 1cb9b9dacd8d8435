/// Answers requests about the copy.
struct LocalService {
    let copy: Copy
    let maxChanges: Int

    func answer(_ request: WorkerRequest, tail: [UInt8]) throws -> (AnswerBody, [UInt8]) {
        switch request {
        case .setAside: return (.text(try copy.setAside()), [])
        case .open:
            _ = try copy.repository()
            return (.done, [])
        case .payload, .writeCommit, .moveRef, .tidyUp, .appendNotes, .mergeNotes:
            return try write(request, tail: tail, copy.repository())
        case .note(let ref, let target, let tip):
            return try note(ref, target, tip, copy.repository())
        case .notes(let ref, let tip):
            let open = try copy.repository()
            let entries = try open.repository.withObjects { objects in
                try open.repository.notesTree(at: try tip ?? open.repository.ref(ref), objects).entries(in: objects)
            }
            return (.notes(entries), [])
        default: return try read(request, copy.repository())
        }
    }

    private func read(_ request: WorkerRequest, _ open: OpenRepository) throws -> (AnswerBody, [UInt8]) {
        switch request {
        case .changes(let from, let to, let folder):
            var comparison = TreeComparison(maxChanges: maxChanges)
            try open.repository.withObjects { try comparison.compare(from: from, to: to, under: folder, in: $0) }
            return (.changes(comparison.changes.sorted { $0.path < $1.path }), [])
        case .blobs(let ids, let maxBytesEach): return try blobs(ids, maxBytesEach, open)
        case .entry(let path, let commit):
            let components = try TreeEditor.components(path)
            let line = try open.repository.withObjects {
                try TreeEditor.entry(components, in: $0.tree(of: commit), $0)
            }
            return (.entries(line.flatMap { TreeEntry($0, path: TreePath(path)) }.map { [$0] } ?? []), [])
        case .listing(let folder, let commit): return (.entries(try listing(folder, commit, open)), [])
        case .commit(let id):
            let raw = try open.repository.withObjects { try $0.commit(id).raw }
            return (.history([CommitHeader(id: id, bytes: raw.count)], metBase: false, isCut: false), raw)
        case .history(let query): return try HistoryReader(query: query, maxChanges: maxChanges).read(open)
        case .isDescendant(let id, let ancestor):
            for commit in [id, ancestor]
            where try open.repository.withObjects({ try $0.header(commit)?.kind != .commit }) {
                throw GitError(.notFound, "there is no commit \(commit.hex) in the copy")
            }
            return (.flag(try open.repository.isDescendant(id, of: ancestor)), [])
        case .resolve(let prefix): return (.id(try resolve(prefix, open)), [])
        case .ref(let name): return (.id(try open.repository.ref(name)), [])
        default: throw GitError(.badRequest, "this request is not for the local worker")
        }
    }

    private func write(
        _ request: WorkerRequest, tail: [UInt8], _ open: OpenRepository
    ) throws -> (AnswerBody, [UInt8]) {
        switch request {
        case .payload(let draft): return (.bytes, try payload(draft, open))
        case .writeCommit(let signature):
            let bytes = try signature.map { try CommitBytes.signed(tail, with: $0) } ?? tail
            _ = try CommitSnapshot(id: .zero, raw: bytes)
            return (.id(try open.repository.withObjects { try $0.write(bytes, as: .commit) }), [])
        case .moveRef(let name, let old, let new):
            guard try open.repository.withObjects({ $0.exists(new) }) else {
                throw GitError(.notFound, "there is no object \(new.hex) in the copy")
            }
            return (.flag(try open.repository.moveRef(name, from: old, to: new)), [])
        case .tidyUp:
            let packed = try open.repository.tidyUp()
            if packed { copy.reopenLater() }
            return (.flag(packed), [])
        case .appendNotes(let ref, let additions, let maxNoteBytes, let closing, let writer):
            let written = try open.repository.appendNotes(
                ref, additions, maxNoteBytes: maxNoteBytes, closing: closing, writer: writer)
            return (.notesWritten(written), [])
        case .mergeNotes(let ref, let theirs, let writer):
            return (.id(try open.repository.mergeNotes(ref, theirs: theirs, writer: writer)), [])
        default: throw GitError(.badRequest, "this request does not write")
        }
    }

    private func blobs(
        _ ids: [ObjectID], _ maxBytesEach: Int, _ open: OpenRepository
    ) throws -> (AnswerBody, [UInt8]) {
        var headers: [BlobHeader] = []
        var tail: [UInt8] = []
        try open.repository.withObjects { objects in
            for id in ids {
                if tail.count >= Frame.fullTailBytes { break }
                guard let found = try objects.header(id) else {
                    headers.append(.missing)
                    continue
                }
                guard found.kind == .blob else {
                    headers.append(.notABlob)
                    continue
                }
                guard found.bytes <= UInt64(max(0, maxBytesEach)) else {
                    headers.append(.tooLarge(bytes: found.bytes))
                    continue
                }
                let content = try objects.read(id, as: .blob, maxBytes: maxBytesEach)
                headers.append(.content(bytes: content.count))
                tail += content
            }
        }
        return (.blobs(headers), tail)
    }

    private func listing(_ folder: String, _ commit: ObjectID, _ open: OpenRepository) throws -> [TreeEntry] {
        try open.repository.withObjects { objects in
            let root = try objects.tree(of: commit)
            let components = folder.isEmpty ? [] : try TreeEditor.components(folder)
            guard let line = try TreeEditor.entry(components, in: root, objects), line.isFolder else {
                throw GitError(.notFound, "\(folder) is no folder in \(commit.short)")
            }
            let prefix = Array(folder.utf8)
            let lines = try Tree(line.id, from: objects).lines
            guard lines.count <= maxChanges else {
                throw GitError(.tooLarge, "\(folder) has more than \(maxChanges) entries")
            }
            return lines.compactMap { TreeEntry($0, path: TreePath(bytes: TreeComparison.join(prefix, $0.name))) }
        }
    }

    private func resolve(_ prefix: String, _ open: OpenRepository) throws -> ObjectID? {
        guard (4...ObjectID.hexCount).contains(prefix.count), prefix.utf8.allSatisfy({ $0 < 0x80 }) else {
            throw GitError(.badRequest, "\(prefix) is no commit id: 4 to 40 hexadecimal digits")
        }
        return try open.repository.withObjects { objects in
            guard let id = try objects.complete(prefix: prefix.lowercased()) else { return nil }
            return try objects.header(id)?.kind == .commit ? id : nil
        }
    }

    private func payload(_ draft: CommitDraft, _ open: OpenRepository) throws -> [UInt8] {
        try open.repository.withObjects { objects in
            let before = try objects.commit(draft.parent).tree
            var root: ObjectID? = before
            for (path, content) in draft.files.sorted(by: { $0.key < $1.key }) {
                let components = try TreeEditor.components(path)
                let present = try root.flatMap { try TreeEditor.entry(components, in: $0, objects) }
                if let present, EntryKind(mode: present.mode)?.isFile != true {
                    throw GitError(.badRequest, "\(path) is no file; it is not replaced")
                }
                let line = try content.map {
                    TreeLine(
                        mode: present?.mode ?? TreeLine.fileMode, name: [], id: try objects.write($0, as: .blob))
                }
                root = try TreeEditor.replacing(components[...], with: line, in: root, objects)
            }
            let after = try root ?? objects.write([], as: .tree)
            guard after != before else { throw GitError(.badRequest, "the commit would change nothing") }
            return CommitBytes.payload(
                tree: after, parents: [draft.parent], author: draft.author, committer: draft.committer,
                message: draft.message)
        }
    }

    private func note(
        _ ref: String, _ target: ObjectID, _ tip: ObjectID?, _ open: OpenRepository
    ) throws -> (AnswerBody, [UInt8]) {
        try open.repository.withObjects { objects in
            let tree = try open.repository.notesTree(at: try tip ?? open.repository.ref(ref), objects)
            guard try !tree.blobs(of: target, in: objects).isEmpty else { return (.blobs([]), []) }
            let text = try tree.text(of: target, in: objects)
            return (.blobs([.content(bytes: text.count)]), text)
        }
    }
}

extension TreeEntry {
    init?(_ line: TreeLine, path: TreePath) {
        guard let kind = EntryKind(mode: line.mode) else { return nil }
        self.init(path: path, kind: kind, id: line.id)
    }
}
