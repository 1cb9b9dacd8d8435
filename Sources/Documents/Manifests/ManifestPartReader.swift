import Domain

/// Reads one document of a file, alone: whatever its neighbours hold.
struct ManifestPartReader {
    let decoder: ManifestDecoder
    let source: SourceText
    let path: String

    func read(_ range: Range<Int>, index: Int) -> DecodedPart {
        var part = DecodedPart(
            index: index, firstLine: source.place(at: range.lowerBound).line, result: .problems([]), namePlace: .none,
            botPlace: .none, raw: Array(source.bytes[range]))
        guard range.count <= DocumentLimits.maxDocumentBytes else {
            part.result = problems([
                (
                    range.lowerBound,
                    "the document has \(range.count) bytes; at most \(DocumentLimits.maxDocumentBytes) (64 KiB) are allowed"
                )
            ])
            return part
        }
        if let fault = source.firstFault(in: range) {
            part.result = problems([(fault.offset, fault.message)])
            return part
        }
        let tree = TreeReader.read(source.bytes[range])
        guard let root = tree.root else {
            let faults = tree.faults.map { ($0.offset, $0.message) }
            part.result = problems(faults.isEmpty ? [(range.lowerBound, "expected a manifest, found nothing")] : faults)
            return part
        }
        identify(&part, root)
        part.result = judge(root, tree.faults)
        return part
    }

    private func judge(_ root: Node, _ treeFaults: [TreeReader.Fault]) -> DecodedPart.Result {
        let faults = treeFaults.map { ($0.offset, $0.message) }
        // After an error of syntax the rest of the tree is missing: what it lacks says nothing.
        guard treeFaults.isEmpty else { return problems(faults) }
        var checker = ShapeChecker()
        let reading = checker.read(root, as: .object(ManifestShape.document), "")
        var builder = ManifestBuilder(decoder: decoder)
        let manifest = reading.map { builder.manifest($0) }
        let found = checker.faults + builder.faults
        if let manifest, found.isEmpty { return .manifest(manifest) }
        return problems(found.map { ($0.node.range.lowerBound, $0.message) })
    }

    /// What can be told of a document even if it is bad, so that its bot can be found and frozen.
    private func identify(_ part: inout DecodedPart, _ root: Node) {
        let spec = root["spec"]
        if let name = root["metadata"]?["name"], let text = text(name, .name) {
            part.name = text
            part.namePlace = source.place(at: name.range.lowerBound)
        }
        let platform = spec?["platform"].map { text($0, .name) } ?? decoder.impliedPlatform
        if let bot = spec?["botId"], let botId = text(bot, .id), let platform,
            let environment = spec?["environment"].flatMap({ text($0, .id) })
        {
            part.key = BotKey(platform: platform, botId: botId, environment: environment)
            part.botPlace = source.place(at: bot.range.lowerBound)
        }
        part.rawSpec = spec.map { Array(source.bytes[$0.writtenRange]) }
        part.versionRange = spec?["version"].flatMap { $0.isNull || $0.text == nil ? nil : written($0) }
    }

    /// A block scalar's range goes on to the next line that is written on; the line end before that is not its own.
    private func written(_ scalar: Node) -> Range<Int> {
        let blank: [UInt8] = [0x20, 0x09, 0x0A, 0x0D]
        let end = source.bytes[scalar.range].lastIndex { !blank.contains($0) }
        return scalar.range.lowerBound..<(end.map { $0 + 1 } ?? scalar.range.upperBound)
    }

    private func text(_ node: Node, _ rule: TextRule) -> String? {
        guard let text = node.text, !node.isNull, rule.fault(text) == nil else { return nil }
        return text
    }

    private func problems(_ faults: [(offset: Int, message: String)]) -> DecodedPart.Result {
        let found = faults.prefix(DocumentLimits.maxProblems).map { fault in
            let place = source.place(at: fault.offset)
            return Problem(path: path, line: place.line, column: place.column, message: fault.message)
        }
        return .problems(found.sorted { ($0.line, $0.column) < ($1.line, $1.column) })
    }
}
