package import Domain

/// Reads `ballast.yaml` with the overrides of the environment. Pure: files and variables are handed in.
package enum ConfigurationLoader {
    /// - Parameters:
    ///   - path: of the file, absolute; relative paths in it are relative to its folder.
    ///   - environment: all variables; those that begin with `BALLAST_` override fields.
    package static func load(
        bytes: [UInt8], path: String, environment: [String: String], zones: (any TimeZones)? = nil
    ) -> Result<Configuration, Problems> {
        guard bytes.count <= DocumentLimits.maxFileBytes else {
            return refuse(
                path, "the file has \(bytes.count) bytes; at most \(DocumentLimits.maxFileBytes) (1 MiB) are allowed")
        }
        let source = SourceText(bytes)
        let faults = Faults(source: source, path: path)
        if let fault = source.firstFault(in: 0..<bytes.count) {
            return .failure(Problems(faults.problems([(fault.offset, nil, fault.message)])))
        }
        let parts = DocumentParts.split(source)
        if parts.count > 1 {
            return .failure(
                Problems(
                    faults.problems([
                        (parts[1].lowerBound, nil, "a configuration is one document; there is a second one here")
                    ])))
        }
        let begin = bytes.starts(with: SourceText.byteOrderMark) ? 3 : 0
        let tree = TreeReader.read(bytes[(parts.first ?? begin..<bytes.count)])
        if !tree.faults.isEmpty {
            return .failure(Problems(faults.problems(tree.faults.map { ($0.offset, nil, $0.message) })))
        }
        let root = tree.root ?? Node(.mapping([]), begin..<begin)
        return check(root, faults, environment, zones)
    }

    private static func check(
        _ root: Node, _ faults: Faults, _ environment: [String: String], _ zones: (any TimeZones)?
    ) -> Result<Configuration, Problems> {
        var overrides = EnvironmentOverrides(environment: environment)
        let overridden = overrides.apply(to: root)
        var checker = ShapeChecker()
        let reading = checker.read(overridden, as: .object(ConfigurationShape.document), "")
        var builder = ConfigurationBuilder(folder: folder(of: faults.path), zones: zones)
        let configuration = reading.flatMap { builder.configuration($0) }
        let found = (checker.faults + builder.faults).map { ($0.node.range.lowerBound, $0.node.variable, $0.message) }
        let problems =
            faults.problems(found)
            + overrides.faults.map {
                Problem(path: faults.path, line: 0, column: 0, message: $0)
            }
        if let configuration, problems.isEmpty { return .success(configuration) }
        return .failure(Problems(problems))
    }

    private static func refuse(_ path: String, _ message: String) -> Result<Configuration, Problems> {
        .failure(Problems([Problem(path: path, line: 1, column: 1, message: message)]))
    }

    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Offsets to places, in the order of the file.
    private struct Faults {
        let source: SourceText
        let path: String

        func problems(_ faults: [(offset: Int, variable: String?, message: String)]) -> [Problem] {
            let found = faults.prefix(DocumentLimits.maxProblems).map { fault in
                guard fault.variable == nil else {
                    return Problem(path: path, line: 0, column: 0, message: "\(fault.variable ?? ""): \(fault.message)")
                }
                let place = source.place(at: fault.offset)
                return Problem(path: path, line: place.line, column: place.column, message: fault.message)
            }
            return found.sorted { ($0.line, $0.column) < ($1.line, $1.column) }
        }
    }
}

/// Everything that is wrong with a configuration, as an error.
package struct Problems: Error, Hashable, Sendable {
    package var all: [Problem]
    package init(_ all: [Problem]) { self.all = all }
}
