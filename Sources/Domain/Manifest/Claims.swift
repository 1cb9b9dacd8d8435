/// Which of several documents that name the same bot, or the same name, is in force.
///
/// The one that held it in the last accepted commit stays and the newcomer is the error, so that nobody freezes another
/// team's bot; where neither held it, both are errors. A document holds on to what it held while it can't be read or is
/// itself in error. Pure, and linear in the number of documents.
package struct Claims: Sendable {
    /// A document of the new tree that could be read.
    package struct Document: Hashable, Sendable {
        package var path: String
        /// Position in its file, from 0.
        package var index: Int
        package var name: String
        package var key: BotKey
        /// Equal for equal content (the text or a digest of it): tells a document from its copy in the same file.
        package var content: String

        package init(path: String, index: Int, name: String, key: BotKey, content: String) {
            self.path = path
            self.index = index
            self.name = name
            self.key = key
            self.content = content
        }
    }

    package struct Verdict: Hashable, Sendable {
        /// Positions in `documents` of those in force.
        package var inForce: [Int]
        /// Position → what is wrong with it; all documents are either here or in force.
        package var refused: [Int: [String]]
        /// What was held before and is neither in force now nor given up: kept in its last good state, frozen.
        package var frozen: [Document]
    }

    private let documents: [Document]
    private let held: [Document]
    private let byKey: [BotKey: [Int]]
    private let byName: [String: [Int]]
    private let heldByPath: [String: [Int]]
    /// Position in `held` → the document that goes on naming its bot.
    private var heirs: [Int: Int] = [:]
    /// The other way round.
    private var pasts: [Int: Int] = [:]
    private var refused: [Int: [String]] = [:]
    private var waiting: [Int] = []
    private var badPaths: Set<String> = []
    private var frozen: Set<Int> = []

    /// - Parameters:
    ///   - held: what was in force, or frozen, at the last accepted commit; empty in `validate`, which has no history.
    ///   - unreadable: paths of files that have a part that can't be read, or can't be read at all.
    package static func judge(_ documents: [Document], held: [Document], unreadable: Set<String>) -> Verdict {
        var claims = Claims(documents, held)
        claims.findHeirs(unreadable)
        for path in unreadable.sorted() { claims.markBad(path) }
        claims.settleNames()
        claims.settleKeys()
        while let document = claims.waiting.popLast() { claims.spread(from: document) }
        return Verdict(
            inForce: documents.indices.filter { claims.refused[$0] == nil }, refused: claims.refused,
            frozen: claims.frozen.sorted().map { held[$0] })
    }

    private init(_ documents: [Document], _ held: [Document]) {
        self.documents = documents
        self.held = held
        byKey = Dictionary(grouping: documents.indices) { documents[$0].key }
        byName = Dictionary(grouping: documents.indices) { documents[$0].name }
        heldByPath = Dictionary(grouping: held.indices) { held[$0].path }
    }

    /// The heir is the document of the same bot in the same file; where that file has none and can be read, the one of
    /// the same content elsewhere: the file was moved.
    private mutating func findHeirs(_ unreadable: Set<String>) {
        for (position, old) in held.enumerated() {
            let claimants = byKey[old.key] ?? []
            var heir = sole(claimants.filter { documents[$0].path == old.path }, like: old)
            if heir == nil, !unreadable.contains(old.path),
                !claimants.contains(where: { documents[$0].path == old.path })
            {
                let moved = claimants.filter { documents[$0].content == old.content }
                heir = moved.count == 1 ? moved[0] : nil
            }
            guard let heir else { continue }
            heirs[position] = heir
            pasts[heir] = position
        }
    }

    /// Among copies in one file: the one of equal content, else of equal name, else at the same position, where only
    /// one is.
    private func sole(_ candidates: [Int], like old: Document) -> Int? {
        if candidates.count <= 1 { return candidates.first }
        for trait in [\Document.content, \Document.name] {
            let equal = candidates.filter { documents[$0][keyPath: trait] == old[keyPath: trait] }
            if equal.count == 1 { return equal[0] }
        }
        return candidates.first { documents[$0].index == old.index }
    }

    private mutating func settleKeys() {
        let holders = Dictionary(heirs.map { (held[$0.key].key, $0.value) }, uniquingKeysWith: { min($0, $1) })
        for (key, claimants) in byKey where claimants.count > 1 {
            settle(claimants, holder: holders[key], "the bot \(key)")
        }
    }

    private mutating func settleNames() {
        var holders: [String: Int] = [:]
        for (position, old) in held.enumerated() {
            let here = (byName[old.name] ?? []).filter { documents[$0].path == old.path }
            if let heir = heirs[position], documents[heir].name == old.name {
                holders[old.name] = heir
            } else if holders[old.name] == nil {
                holders[old.name] = sole(here, like: old)
            }
        }
        for (name, claimants) in byName where claimants.count > 1 {
            settle(claimants, holder: holders[name], "the name `\(name)`")
        }
    }

    private mutating func settle(_ claimants: [Int], holder: Int?, _ what: String) {
        for claimant in claimants where claimant != holder {
            let other = holder ?? claimants.first { $0 != claimant } ?? claimant
            let verb = holder == nil ? "is also claimed by" : "is held by"
            refuse(claimant, "\(what) \(verb) \(place(documents[other]))")
        }
    }

    private func place(_ document: Document) -> String { "\(document.path), document \(document.index + 1)" }

    private mutating func refuse(_ document: Int, _ reason: String) {
        if refused[document] == nil { waiting.append(document) }
        if refused[document]?.contains(reason) != true { refused[document, default: []].append(reason) }
    }

    /// A refused document is like one that can't be read: what its file held, and no document in force holds, is frozen.
    private mutating func spread(from document: Int) {
        markBad(documents[document].path)
        if let past = pasts[document] { freeze(past) }
    }

    private mutating func markBad(_ path: String) {
        guard badPaths.insert(path).inserted else { return }
        for old in heldByPath[path] ?? [] where heirs[old] == nil { freeze(old) }
    }

    /// What is frozen keeps its bot and its name against newcomers of other files.
    private mutating func freeze(_ position: Int) {
        guard frozen.insert(position).inserted else { return }
        let old = held[position]
        for claimant in byKey[old.key] ?? [] where claimant != heirs[position] {
            refuse(claimant, "the bot \(old.key) is held by \(place(old)), which is in error")
        }
        for claimant in byName[old.name] ?? [] where claimant != heirs[position] && documents[claimant].path != old.path
        {
            refuse(claimant, "the name `\(old.name)` is held by \(place(old)), which is in error")
        }
    }
}
