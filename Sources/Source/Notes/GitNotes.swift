package import Domain
import Git

/// The notes ref of the watched repository. Never forced: lines of other writers are merged in, not overwritten.
package actor GitNotes: NotesLedger {
    private let access: RepositoryAccess
    private let ref: String
    private let writer: GitPerson
    private let clock: any Clock
    /// Where the remote's ref was when it was last seen by this process; `.some(nil)`: it had none.
    private var seen: ObjectID??

    /// The remote's notes held more than ours, which ours have now, too.
    package private(set) var hasTakenIn = false

    /// - Parameters:
    ///   - ref: in full, such as `refs/notes/ballast`.
    ///   - writer: author and committer of the commits on the notes ref.
    package init(
        access: RepositoryAccess, ref: String, clock: any Clock,
        writer: GitPerson = GitPerson(name: "Ballast", email: "ballast@localhost")
    ) {
        self.access = access
        self.ref = ref
        self.clock = clock
        self.writer = writer
    }

    package func append(_ additions: [Domain.NoteAddition]) async -> Answered<Void> {
        let answer = await written(additions)
        // A note that others made too large may be smaller at the remote by now.
        guard case .failed(let failure) = answer, failure.code == .tooLarge, additions.count == 1,
            case .value = await fetch()
        else { return answer }
        return await written(additions)
    }

    private func written(_ additions: [Domain.NoteAddition]) async -> Answered<Void> {
        await answering {
            let plain = try additions.map { addition throws(SourceFailure) in
                Git.NoteAddition(target: try addition.commit.objectID(), lines: addition.lines.map(\.text))
            }
            let room = NoteLimits.maxNoteBytes - NoteText.reservedMoreBytes
            let written = try await access.git.appendNotes(
                ref, plain, maxNoteBytes: room, closing: NoteText.moreStart, writer: person)
            for addition in additions {
                if written.full[try addition.commit.objectID()] != nil { try await fill(addition) }
            }
        }
    }

    /// A note that takes no more: what still fits is added, and its last line names the records that it leaves out.
    private func fill(_ addition: Domain.NoteAddition) async throws {
        try await replaceNote(on: addition.commit) { bytes in
            Self.filled(bytes, addition.lines)
        }
    }

    /// Lines that are there stay the bytes that they are, whoever wrote them: not all of them need be UTF-8.
    static func filled(_ bytes: [UInt8], _ additions: [NoteLine]) -> [UInt8] {
        let rows = bytes.split(separator: newline)
        let decoded = rows.map { String(decoding: $0, as: UTF8.self) }
        var text = NoteText(lines: decoded)
        // All rows but those that close the note, which are put together to one.
        var kept: [[UInt8]] = []
        for (row, line) in zip(rows, decoded) where kept.count < text.lines.count && text.lines[kept.count] == line {
            kept.append(Array(row))
        }
        text.add(additions)
        let added = text.allLines.dropFirst(kept.count).map { Array($0.utf8) }
        return Array((kept + added).joined(separator: [newline])) + [newline]
    }

    private static let newline = UInt8(ascii: "\n")

    /// Adds what the notes lack, then puts the given lines of each in the given order. No line is taken away.
    package func restore(_ additions: [Domain.NoteAddition]) async -> Answered<Void> {
        if case .failed(let failure) = await append(additions) { return .failed(failure) }
        return await answering {
            for addition in additions {
                let own = addition.lines.map { Array($0.text.utf8) }
                try await replaceNote(on: addition.commit) { NoteOrder.ordered($0, own) }
            }
        }
    }

    private func replaceNote(on commit: CommitID, with change: ([UInt8]) -> [UInt8]) async throws {
        let target = try commit.objectID()
        for _ in 0..<Self.maxSwapTries {
            guard let tip = try await access.git.ref(ref),
                let path = try await notePath(of: target, tip: tip),
                let bytes = try await access.git.note(ref, on: target, tip: tip)
            else { throw SourceFailure(.notFound, "the note on \(commit.short) is gone") }
            let content = change(bytes)
            if content == bytes { return }
            let draft = CommitDraft(
                parent: tip, files: [path: content], author: person, committer: person, message: "Notes by ballast\n")
            let commit = try await access.git.writeCommit(payload: try await access.git.payload(of: draft))
            if try await access.git.moveRef(ref, from: tip, to: commit) { return }
        }
        throw SourceFailure(.local, "another process keeps moving \(ref)")
    }

    private static let maxSwapTries = 16

    /// Notes are found under the whole id, or fanned out by two digits at a time.
    private func notePath(of target: ObjectID, tip: ObjectID) async throws -> String? {
        var folder = ""
        var rest = target.hex[...]
        while !rest.isEmpty {
            if let entry = try await access.git.entry(at: folder + rest, in: tip), entry.kind.isFile {
                return folder + rest
            }
            folder += rest.prefix(2) + "/"
            rest = rest.dropFirst(2)
        }
        return nil
    }

    package func push() async -> Answered<PushOutcome> {
        await answering {
            let known = seen ?? nil
            if try await !hasIn(known) { try await takeIn() }
            guard let tip = try await access.git.ref(ref) else { return .upToDate }
            let expected = seen ?? nil
            if expected == tip { return .upToDate }
            switch try await access.git.push(tip, to: ref, expecting: expected) {
            case .done:
                seen = .some(tip)
                return .pushed
            case .moved:
                try await takeIn()
                return .lost
            case .rejected(let words):
                return .refused(PlainText.line(words, maxBytes: SourceLimits.maxMessageBytes))
            }
        }
    }

    /// Whether our notes hold all that the remote was last seen with; no more so where the copy was made anew since.
    private func hasIn(_ theirs: ObjectID?) async throws -> Bool {
        guard seen != nil else { return false }
        guard let theirs else { return true }
        guard let tip = try await access.git.ref(ref) else { return false }
        return try await ifAny(except: [.notFound]) { try await access.git.isDescendant(tip, of: theirs) } ?? false
    }

    package func fetch() async -> Answered<Void> {
        await answering { try await takeIn() }
    }

    /// Fetches the remote's notes and merges them into ours.
    private func takeIn() async throws {
        seen = nil
        let theirs = try await access.git.fetchNotes(ref)
        if let theirs {
            let ours = try await access.git.ref(ref)
            let merged = try await access.git.mergeNotes(ref, theirs: theirs, writer: person)
            if merged != ours { hasTakenIn = true }
        }
        seen = .some(theirs)
    }

    package func read(_ commit: CommitID) async -> Answered<[String]> {
        await answering {
            try await access.repairing { notice in
                if notice != nil { try await takeIn() }
                return try await access.git.note(ref, on: try commit.objectID()).map(Self.lines) ?? []
            }
        }
    }

    package func all() async -> Answered<[CommitNote]> {
        await answering {
            try await access.repairing { notice in
                if notice != nil { try await takeIn() }
                return try await NoteListing(ref, in: access.git).all()
            }
        }
    }

    /// When the local notes were last written, to the second; nil: there are none.
    package func writtenAt() async -> Answered<Timestamp?> {
        await answering {
            guard let tip = try await access.git.ref(ref) else { return nil }
            return Timestamp(milliseconds: try await access.git.commit(tip).committer.seconds * 1_000)
        }
    }

    /// The notes as they are now, to be read some at a time.
    package func listing() async -> Answered<NoteListing> {
        await answering {
            try await access.repairing { notice in
                if notice != nil { try await takeIn() }
                return try await NoteListing(ref, in: access.git)
            }
        }
    }

    /// The remote's notes as they are now, beside ours, which stay as they are; nil: it has none.
    package func remoteListing() async -> Answered<NoteListing?> {
        await answering {
            try await access.repairing { _ in
                guard let tip = try await access.git.fetchNotes(ref) else { return nil }
                return try await NoteListing(ref, tip: tip, in: access.git)
            }
        }
    }

    static func lines(_ bytes: [UInt8]) -> [String] {
        bytes.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
    }

    private var person: Person {
        Person(name: writer.name, email: writer.email, seconds: clock.now().wall.milliseconds / 1_000)
    }
}

/// The notes of somebody's clone, for `audit verify --repository`; nothing is written there.
package struct CloneNotes: Sendable {
    private let git: GitRepository
    private let ref: String

    package init(path: String, ref: String, workerPath: String) {
        git = GitRepository(GitSettings(workerPath: workerPath, place: .clone(path: path)))
        self.ref = ref
    }

    /// Every note, in the order of commit ids.
    package func all() async -> Answered<[CommitNote]> {
        let answer = await answering { try await NoteListing(ref, in: git).all() }
        await git.shutdown()
        return answer
    }

    /// What `body` makes of the notes as they are now.
    package func withListing<Value>(_ body: (NoteListing) async throws -> Value) async throws -> Value {
        let result: Result<Value, any Error>
        do {
            let listing = try await answering { try await NoteListing(ref, in: git) }.get()
            result = .success(try await body(listing))
        } catch {
            result = .failure(error)
        }
        await git.shutdown()
        return try result.get()
    }
}
