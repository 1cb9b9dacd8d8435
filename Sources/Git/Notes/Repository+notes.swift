import Glibc

extension Repository {
    /// The notes at a tip; no notes where it is `nil`.
    func notesTree(at tip: ObjectID?, _ objects: borrowing ObjectStore) throws -> NotesTree {
        NotesTree(root: try tip.map { try objects.tree(of: $0) })
    }

    /// See `GitRepository.appendNotes`.
    func appendNotes(
        _ ref: String, _ additions: [NoteAddition], maxNoteBytes: Int, closing: String?, writer: Person
    ) throws -> NotesWritten {
        guard additions.count <= NotesLimits.maxAdditions else {
            throw GitError(.tooLarge, "more than \(NotesLimits.maxAdditions) notes in one request")
        }
        for line in additions.flatMap(\.lines) where line.utf8.contains(where: { $0 == 0 || $0 == 0x0A }) {
            throw GitError(.badRequest, "a line of a note has a newline or a NUL in it")
        }
        var byTarget: [ObjectID: [String]] = [:]
        for addition in additions { byTarget[addition.target, default: []] += addition.lines }
        return try retryingLostRaces(on: ref) { tip in
            var full: [ObjectID: Int] = [:]
            let changed = try self.withWriter(isLarge: byTarget.count > NotesLimits.maxLooseNotes) { objects in
                let tree = try self.notesTree(at: tip, objects)
                var blobs: [ObjectID: ObjectID] = [:]
                for (target, lines) in byTarget {
                    let text = try tree.text(of: target, in: objects)
                    guard let longer = NoteLines.appending(lines, to: text) else { continue }
                    guard longer.count <= maxNoteBytes, !NoteLines.isClosed(text, by: closing) else {
                        full[target] = text.count
                        continue
                    }
                    blobs[target] = try objects.write(longer, as: .blob)
                }
                guard !blobs.isEmpty, let root = try tree.replacing(blobs, in: objects) else { return tip }
                return try Self.writeNotesCommit(
                    tree: root, parents: tip.map { [$0] } ?? [], writer: writer, message: "Notes added", objects)
            }
            return (changed, NotesWritten(tip: changed, full: full))
        }
    }

    /// See `GitRepository.mergeNotes`.
    func mergeNotes(_ ref: String, theirs: ObjectID, writer: Person) throws -> ObjectID {
        try retryingLostRaces(on: ref) { tip in
            guard let ours = tip else { return (theirs, theirs) }
            if try self.isDescendant(ours, of: theirs) { return (ours, ours) }
            if try self.isDescendant(theirs, of: ours) { return (theirs, theirs) }
            let merged = try self.withWriter(isLarge: true) { objects in
                try self.merge(ours, theirs, writer: writer, objects)
            }
            return (merged, merged)
        }
    }

    private func merge(
        _ ours: ObjectID, _ theirs: ObjectID, writer: Person, _ objects: borrowing ObjectStore
    ) throws -> ObjectID {
        let left = try notesTree(at: ours, objects)
        let right = try notesTree(at: theirs, objects)
        let difference = try left.difference(to: right, in: objects)
        var blobs: [ObjectID: ObjectID] = [:]
        for target in difference.targets {
            let ours = try left.blobs(of: target, in: objects)
            let others = try right.blobs(of: target, in: objects)
            // What we have no note on is taken as it is, however large.
            if ours.isEmpty, others.count == 1 {
                blobs[target] = others[0]
                continue
            }
            let most = NotesLimits.maxMergedNoteBytes
            let text = try left.text(ours, on: target, in: objects, maxBytes: most)
            let union = NoteLines.union(try right.text(others, on: target, in: objects, maxBytes: most), text)
            if union != text { blobs[target] = try objects.write(union, as: .blob) }
        }
        var root = try left.replacing(blobs, in: objects)
        for (path, line) in difference.foreign {
            root = try TreeEditor.replacing(path[...], with: line, in: root, objects)
        }
        let tree = try root ?? objects.write([], as: .tree)
        return try Self.writeNotesCommit(
            tree: tree, parents: [ours, theirs], writer: writer, message: "Notes merged", objects)
    }

    private static func writeNotesCommit(
        tree: ObjectID, parents: [ObjectID], writer: Person, message: String, _ objects: borrowing ObjectStore
    ) throws -> ObjectID {
        let payload = CommitBytes.payload(
            tree: tree, parents: parents, author: writer, committer: writer, message: message)
        return try objects.write(payload, as: .commit)
    }

    /// Computes the next tip from the present one and moves the ref there, again from the start where somebody was faster.
    private func retryingLostRaces<Result>(
        on ref: String, _ next: (ObjectID?) throws -> (tip: ObjectID?, result: Result)
    ) throws -> Result {
        for attempt in 1...NotesLimits.maxAttempts {
            let tip = try self.ref(ref)
            let (new, result) = try next(tip)
            guard let new, new != tip else { return result }
            do {
                if try moveRef(ref, from: tip, to: new) { return result }
            } catch let failure as LibGitFailure where failure.asLocalError.code == .busy {
                // Another writer holds the lock file for a moment.
            }
            usleep(UInt32.random(in: 500...(2_000 * UInt32(attempt))))
        }
        throw GitError(.conflict, "\(ref) moved \(NotesLimits.maxAttempts) times while notes were being written")
    }
}
