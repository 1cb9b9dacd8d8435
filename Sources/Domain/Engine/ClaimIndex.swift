/// Which files name a bot or a name, so that a changed file is judged together with those that it may collide with, and no
/// others.
struct ClaimIndex: Sendable {
    private var pathsOfKey: [BotKey: Set<String>] = [:]
    private var pathsOfName: [String: Set<String>] = [:]

    init() {}

    init(files: some Sequence<FileRecord>) {
        for file in files { add(file) }
    }

    mutating func add(_ file: FileRecord) {
        for document in file.documents {
            if let key = document.key { pathsOfKey[key, default: []].insert(file.path) }
            if let name = document.name { pathsOfName[name, default: []].insert(file.path) }
        }
    }

    mutating func remove(_ file: FileRecord) {
        for document in file.documents {
            if let key = document.key { pathsOfKey[key]?.remove(file.path) }
            if let name = document.name { pathsOfName[name]?.remove(file.path) }
        }
    }

    /// Files that share a bot or a name with one of `documents`.
    func neighbours(of documents: [FileRecord.Document]) -> Set<String> {
        var paths: Set<String> = []
        for document in documents {
            if let key = document.key { paths.formUnion(pathsOfKey[key] ?? []) }
            if let name = document.name { paths.formUnion(pathsOfName[name] ?? []) }
        }
        return paths
    }
}
