/// From a reading to what every bot is declared to be: the work is that of the changed files and their neighbours.
extension Engine {
    mutating func apply(_ reading: Reading) {
        var documents: [String: [FileRecord.Document]] = [:]
        var problems: [String: [Problem]] = [:]
        var reading = reading
        if reading.isComplete {
            let named = Set(reading.changes.map(\.path))
            let gone = files.keys.filter { !named.contains($0) }.sorted()
            reading.changes += gone.map { PathChange(path: $0, content: .removed) }
        }
        for change in reading.changes { (documents[change.path], problems[change.path]) = record(of: change) }
        let area = closure(of: documents)
        for path in area where documents[path] == nil {
            documents[path] = files[path]?.documents.map { withDeclaration($0, at: path) }
            problems[path] = files[path]?.problems ?? []
        }
        let verdict = judge(area, documents, problems)
        let move = nextMove(reading)
        for (position, reasons) in verdict.refused {
            let claim = verdict.documents[position]
            documents[claim.path] = documents[claim.path]?.map { document in
                guard document.index == claim.index else { return document }
                var refused = document
                let line = document.line ?? 0
                refused.problems = reasons.map {
                    Problem(path: claim.path, line: line, column: min(line, 1), message: $0)
                }
                return refused
            }
        }
        store(area, documents, problems, reading)
        freeze(verdict.frozen, documents, problems)
        declare(verdict, documents, move)
    }

    private func record(of change: PathChange) -> ([FileRecord.Document], [Problem]) {
        switch change.content {
        case .removed: return ([], [])
        case .unreadable(let problem): return ([], [problem])
        case .file(let readings):
            let documents = readings.map { reading -> FileRecord.Document in
                switch reading.outcome {
                case .manifest(let manifest, let digest, let specDigest):
                    let declaration = Declaration(
                        manifest: manifest, digest: digest, specDigest: specDigest, path: change.path,
                        index: reading.index, provenance: reading.provenance)
                    return FileRecord.Document(
                        index: reading.index, name: manifest.name, key: manifest.key, problems: [],
                        contender: declaration, line: reading.line)
                case .problems(let problems, let name, let key):
                    return FileRecord.Document(
                        index: reading.index, name: name, key: key, problems: problems, line: reading.line)
                }
            }
            return (documents, [])
        }
    }

    /// A document in force keeps its declaration with its bot; here it is brought back for the judgement.
    private func withDeclaration(_ document: FileRecord.Document, at path: String) -> FileRecord.Document {
        if document.contender != nil {
            // It was refused for what another one held; whether that still is so is judged anew.
            var fresh = document
            fresh.problems = []
            return fresh
        }
        guard let key = document.key, let latest = bots[key]?.latest, latest.path == path,
            latest.index == document.index
        else { return document }
        var whole = document
        whole.contender = latest
        return whole
    }

    /// The changed files and all that share a bot or a name with what they held or hold.
    private func closure(of changed: [String: [FileRecord.Document]]) -> [String] {
        var area = Set(changed.keys)
        var frontier = area
        while !frontier.isEmpty {
            var next: Set<String> = []
            for path in frontier {
                next.formUnion(claims.neighbours(of: changed[path] ?? []))
                next.formUnion(claims.neighbours(of: files[path]?.documents ?? []))
            }
            frontier = next.subtracting(area)
            area.formUnion(frontier)
        }
        return area.sorted()
    }

    struct AreaVerdict {
        var documents: [Claims.Document]
        var declarations: [Declaration]
        var inForce: [Int]
        var refused: [Int: [String]]
        var frozen: [Claims.Document]
        /// Bots that files of the area held before.
        var held: [BotKey]
    }

    private func judge(
        _ area: [String], _ documents: [String: [FileRecord.Document]], _ problems: [String: [Problem]]
    ) -> AreaVerdict {
        var found: [Claims.Document] = []
        var declarations: [Declaration] = []
        var unreadable: Set<String> = []
        var heldKeys: Set<BotKey> = []
        for path in area {
            if problems[path]?.isEmpty == false { unreadable.insert(path) }
            for document in documents[path] ?? [] {
                guard let declaration = document.contender else {
                    unreadable.insert(path)
                    continue
                }
                found.append(Engine.claim(declaration))
                declarations.append(declaration)
            }
            for document in files[path]?.documents ?? [] {
                if let key = document.key, bots[key]?.latest?.path == path { heldKeys.insert(key) }
            }
        }
        // A frozen bot is still held by the file that held it, even where no document names it any more.
        for (key, bot) in bots where bot.frozen != nil {
            if let path = bot.latest?.path, documents[path] != nil { heldKeys.insert(key) }
        }
        let held = heldKeys.sorted().compactMap { bots[$0]?.latest.map(Engine.claim) }
        let verdict = Claims.judge(found, held: held, unreadable: unreadable)
        return AreaVerdict(
            documents: found, declarations: declarations, inForce: verdict.inForce, refused: verdict.refused,
            frozen: verdict.frozen, held: heldKeys.sorted())
    }

    private static func claim(_ declaration: Declaration) -> Claims.Document {
        Claims.Document(
            path: declaration.path, index: declaration.index, name: declaration.manifest.name,
            key: declaration.manifest.key, content: declaration.digest)
    }

    /// Keeps which documents each file holds; a declaration stays here only where it is not in force.
    private mutating func store(
        _ area: [String], _ documents: [String: [FileRecord.Document]], _ problems: [String: [Problem]],
        _ reading: Reading
    ) {
        let removed = Set(reading.changes.filter { $0.content == .removed }.map(\.path))
        for path in area {
            if let old = files[path] { claims.remove(old) }
            if removed.contains(path) {
                tellFixed(path)
                put(nil, at: path)
                continue
            }
            let kept = (documents[path] ?? []).map { document in
                var slim = document
                if document.problems.isEmpty { slim.contender = nil }
                return slim
            }
            let file = FileRecord(path: path, documents: kept, problems: problems[path] ?? [])
            tellProblems(of: file)
            put(file, at: path)
            claims.add(file)
        }
    }

    private mutating func freeze(
        _ frozen: [Claims.Document], _ documents: [String: [FileRecord.Document]], _ problems: [String: [Problem]]
    ) {
        for claim in frozen {
            let causes = (problems[claim.path] ?? []) + (documents[claim.path] ?? []).flatMap(\.problems)
            guard bots[claim.key]?.frozen != causes else { continue }
            update(claim.key) { $0.frozen = causes.isEmpty ? nil : causes }
            let first = causes.first
            emit(
                "manifest.invalid", about: .bot(claim.key), .error, .failed,
                Engine.frozenMessage(first.map(Engine.place) ?? claim.path),
                auditedOn: source.accepted)
            if let id = rolloutOf[claim.key] { drive(id, .removed(reason: "the manifest turned invalid")) }
        }
    }

    static func place(_ problem: Problem) -> String {
        problem.line > 0
            ? "\(problem.path):\(problem.line):\(problem.column): \(problem.message)"
            : "\(problem.path): \(problem.message)"
    }

    private mutating func declare(
        _ verdict: AreaVerdict, _ documents: [String: [FileRecord.Document]], _ move: MoveDraft
    ) {
        var draft = move
        var declared: Set<BotKey> = Set(verdict.frozen.map(\.key))
        for position in verdict.inForce {
            let declaration = verdict.declarations[position]
            let key = declaration.manifest.key
            declared.insert(key)
            if bots[key]?.frozen != nil {
                update(key) { $0.frozen = nil }
                emit("manifest.fixed", about: .bot(key), .info, .success, "the manifest can be read again")
            }
            if bots[key]?.latest == nil { forgetObservation(of: key) }
            if bots[key]?.latest != declaration { draft.declarations.append(declaration) }
        }
        for key in verdict.held where !declared.contains(key) { remove(key) }
        carryOut(draft)
    }

    /// While nothing named the bot, nobody watched it: what it served then counts no more.
    private mutating func forgetObservation(of key: BotKey) {
        update(key) { bot in
            bot.observed = nil
            bot.openJobs = []
        }
    }

    /// Removing a manifest changes nothing on the platform.
    private mutating func remove(_ key: BotKey) {
        guard bots[key]?.latest != nil else { return }
        // Nothing is wanted any more, so nothing drifts from it: an incident that was opened is closed.
        resolveDrift(key)
        emit(
            "bot.unmanaged", about: .bot(key), .info, .success,
            "the manifest was removed; the bot keeps what it serves", auditedOn: source.accepted)
        if let pending = bots[key]?.pending { detach(key, from: pending.move) }
        update(key) { bot in
            bot.declared = nil
            bot.pending = nil
            bot.frozen = nil
            bot.meant = nil
            bot.standing = bot.standing?.mayBeInFlight == true ? bot.standing : nil
        }
        if let id = rolloutOf[key] { drive(id, .removed(reason: "the manifest was removed")) }
        refresh(key)
    }

    private mutating func tellProblems(of file: FileRecord) {
        let problems = file.problems + file.documents.flatMap(\.problems)
        let before = files[file.path].map { $0.problems + $0.documents.flatMap(\.problems) } ?? []
        if let first = problems.first, problems != before {
            emit("manifest.invalid", about: .file(file.path), .error, .failed, Engine.place(first))
        } else if problems.isEmpty {
            tellFixed(file.path)
        }
    }

    private mutating func tellFixed(_ path: String) {
        guard let file = files[path], !(file.problems.isEmpty && file.documents.allSatisfy(\.problems.isEmpty)) else {
            return
        }
        emit("manifest.fixed", about: .file(path), .info, .success, "\(path) can be read again")
    }
}
