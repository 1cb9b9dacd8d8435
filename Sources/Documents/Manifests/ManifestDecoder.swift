package import Domain

/// Reads files of manifests. Pure: the same bytes under the same settings give the same result.
package struct ManifestDecoder: Sendable {
    /// Part of what a remembered parse belongs to: rises when the same bytes may decode differently.
    package static let version = 1

    let defaults: ManifestDefaults
    let platforms: [String]
    let zones: (any TimeZones)?

    /// - Parameters:
    ///   - policyDefaults: what holds where a manifest says nothing.
    ///   - platforms: names of the configured platforms; empty where there is no configuration: any name is then taken.
    ///   - zones: to refuse unknown time zones; nil leaves them unchecked.
    package init(policyDefaults: ManifestDefaults = .init(), platforms: [String], zones: (any TimeZones)? = nil) {
        defaults = policyDefaults
        self.platforms = platforms
        self.zones = zones
    }

    package func decode(file bytes: [UInt8], path: String) -> DecodedFile {
        guard bytes.count <= DocumentLimits.maxFileBytes else {
            return refuse(
                path, Place(line: 1, column: 1),
                "the file has \(bytes.count) bytes; at most \(DocumentLimits.maxFileBytes) (1 MiB) are allowed")
        }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            return refuse(path, Place(line: 1, column: 1), "this is UTF-16; a file is read as UTF-8 only")
        }
        let source = SourceText(bytes)
        let ranges = DocumentParts.split(source)
        guard ranges.count <= DocumentLimits.maxDocumentsPerFile else {
            let place = source.place(at: ranges[DocumentLimits.maxDocumentsPerFile].lowerBound)
            return refuse(
                path, place,
                "the file holds \(ranges.count) documents; at most \(DocumentLimits.maxDocumentsPerFile) are allowed")
        }
        let parts = ranges.enumerated().map { index, range in
            ManifestPartReader(decoder: self, source: source, path: path).read(range, index: index)
        }
        return DecodedFile(parts: parts, problems: [])
    }

    private func refuse(_ path: String, _ place: Place, _ message: String) -> DecodedFile {
        DecodedFile(
            parts: [], problems: [Problem(path: path, line: place.line, column: place.column, message: message)])
    }

    /// The platform of a document that names none.
    var impliedPlatform: String? {
        if platforms.isEmpty || platforms.contains("default") { return "default" }
        return platforms.count == 1 ? platforms[0] : nil
    }
}
