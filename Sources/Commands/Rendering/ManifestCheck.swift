import Documents
import Domain
import Live
import Source

/// What `validate` finds beyond the single document: the policy, and documents that claim the same bot or name.
struct ManifestCheck: Sendable {
    struct File: Sendable {
        var path: String
        var manifests: Int
        /// In the order of the file.
        var problems: [Problem]
    }

    let files: ManifestFiles
    private let policy: Policy
    private let folder: String

    /// - Parameter folder: the working folder, taken for the root of the repository where paths are absolute.
    init(_ configuration: Configuration?, folder: String) {
        files = ManifestFiles(
            decoder: configuration?.manifestDecoder ?? ManifestDecoder(platforms: [], zones: SystemTimeZones()))
        policy = configuration?.policy ?? Policy()
        self.folder = folder
    }

    func judge(_ readings: [FileReading]) -> [File] {
        var checked = readings.map { File(path: $0.path, manifests: $0.parts.count, problems: $0.problems) }
        var claims: [(file: Int, part: DecodedPart, document: Claims.Document)] = []
        for (position, reading) in readings.enumerated() {
            for part in reading.parts {
                guard let manifest = part.manifest else { continue }
                for message in policy.violations(of: manifest, path: repositoryPath(reading.path)) {
                    checked[position].problems.append(problem(reading.path, part.botPlace, message))
                }
                let document = Claims.Document(
                    path: reading.path, index: part.index, name: manifest.name, key: manifest.key, content: "")
                claims.append((position, part, document))
            }
        }
        for (position, reasons) in Claims.judge(claims.map(\.document), held: [], unreadable: []).refused {
            let (file, part, document) = claims[position]
            for reason in reasons {
                let isName = reason.hasPrefix("the name ")
                checked[file].problems.append(problem(document.path, isName ? part.namePlace : part.botPlace, reason))
            }
        }
        for position in checked.indices {
            checked[position].problems.sort { ($0.line, $0.column, $0.message) < ($1.line, $1.column, $1.message) }
        }
        return checked
    }

    static func summary(_ files: [File]) -> String {
        let manifests = files.reduce(0) { $0 + $1.manifests }
        let problems = files.reduce(0) { $0 + $1.problems.count }
        let subject =
            "\(manifests) manifest\(manifests == 1 ? "" : "s") in \(files.count) file\(files.count == 1 ? "" : "s")"
        if files.isEmpty { return "no manifests found" }
        return problems == 0 ? "\(subject), no problems" : "\(subject), \(ProblemText.summary(problems))"
    }

    private func problem(_ path: String, _ place: Place, _ message: String) -> Problem {
        Problem(path: path, line: place.line, column: place.column, message: message)
    }

    private func repositoryPath(_ path: String) -> String {
        if path.hasPrefix(folder + "/") { return String(path.dropFirst(folder.count + 1)) }
        return path.hasPrefix("./") ? String(path.dropFirst(2)) : path
    }
}

extension FileReading {
    var parts: [DecodedPart] {
        switch content {
        case .documents(let parts): parts
        case .unreadable: []
        }
    }
}
