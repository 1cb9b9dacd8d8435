/// Builds the tree of one part from its events, with a stack of its own instead of recursion, so that depth is a limit
/// and not a crash. Anchors, aliases, tags, merge keys and duplicate keys are problems at their places.
struct TreeReader {
    struct Fault: Hashable {
        var offset: Int
        var message: String
    }

    struct Outcome {
        /// What could be read, up to the first error of syntax; nil where that is nothing.
        var root: Node?
        var faults: [Fault]
    }

    /// A list or mapping whose end has not come yet.
    private struct Open {
        var start: Int
        var isList: Bool
        var items: [Node] = []
        var entries: [Node.Entry] = []
        var key: Node?
        var names: Set<String> = []
    }

    private let base: Int
    /// Offsets in bytes of each character; empty where each is one byte.
    private let offsets: [Int]
    private let count: Int
    private var stack: [Open] = []
    private var root: Node?
    private var faults: [Fault] = []
    private var documents = 0
    /// What is still open is closed where reading ended: its keys are nobody's fault.
    private var isCutOff = false

    private init(_ bytes: ArraySlice<UInt8>) {
        base = bytes.startIndex
        count = bytes.count
        let isASCII = bytes.allSatisfy { $0 < 0x80 }
        offsets = isASCII ? [] : bytes.indices.filter { bytes[$0] & 0xC0 != 0x80 }
    }

    static func read(_ bytes: ArraySlice<UInt8>) -> Outcome {
        var reader = TreeReader(bytes)
        reader.run(bytes)
        reader.isCutOff = true
        while !reader.stack.isEmpty { reader.close(at: bytes.endIndex) }
        return Outcome(root: reader.root, faults: reader.faults)
    }

    private mutating func run(_ bytes: ArraySlice<UInt8>) {
        guard let events = EventReader(bytes) else {
            faults.append(Fault(offset: base, message: "there is no memory to read this document"))
            return
        }
        do throws(EventReader.SyntaxFault) {
            while faults.count < DocumentLimits.maxProblems {
                let item = try events.next()
                if case .endStream = item.event { return }
                guard take(item) else { return }
            }
        } catch {
            faults.append(Fault(offset: offset(error.index), message: error.message))
        }
    }

    /// False where reading on would serve nobody.
    private mutating func take(_ item: EventReader.Item) -> Bool {
        refuse(item)
        let start = offset(item.start)
        switch item.event {
        case .scalar(let text, let style):
            // The end mark of a block scalar lies past the blank lines behind it.
            add(Node(.scalar(text, style), start..<max(start, offset(item.end))))
        case .alias:
            add(Node(.scalar("", .quoted), start..<max(start, offset(item.end))))
        case .startList: return open(Open(start: start, isList: true))
        case .startMapping: return open(Open(start: start, isList: false))
        case .endList, .endMapping: close(at: offset(item.end))
        case .startDocument(let hasDirective):
            documents += 1
            if hasDirective { fault(start, "directives (`%…`) are not read; leave them out") }
            if documents > 1 {
                fault(start, "expected the end of the document; separate documents with a line `---`")
                return false
            }
        case .endDocument, .endStream, .other: break
        }
        return true
    }

    private mutating func refuse(_ item: EventReader.Item) {
        let start = offset(item.start)
        if case .alias = item.event {
            fault(start, "aliases (`*name`) are not read; write the value out")
        } else if item.hasAnchor {
            fault(start, "anchors (`&name`) are not read; write each value out where it is used")
        } else if item.hasTag {
            fault(start, "tags (`!…`) are not read; write the value without one")
        }
    }

    private mutating func open(_ container: Open) -> Bool {
        guard stack.count < DocumentLimits.maxNestingDepth else {
            fault(container.start, SyntaxWords.tooDeep)
            return false
        }
        stack.append(container)
        return true
    }

    private mutating func close(at end: Int) {
        guard let done = stack.popLast() else { return }
        let range = done.start..<max(done.start, end)
        add(Node(done.isList ? .list(done.items) : .mapping(done.entries), range))
    }

    private mutating func add(_ node: Node) {
        guard let top = stack.indices.last else {
            root = root ?? node
            return
        }
        if stack[top].isList {
            stack[top].items.append(node)
        } else if let key = stack[top].key {
            stack[top].entries.append(Node.Entry(key: key, value: node))
            stack[top].key = nil
        } else {
            checkKey(node, in: top)
            stack[top].key = node
        }
    }

    private mutating func checkKey(_ key: Node, in container: Int) {
        guard !isCutOff else { return }
        guard case .scalar(let name, let style) = key.content else {
            return fault(key.range.lowerBound, "expected the name of a field, found \(key.kind)")
        }
        if name == "<<", style == .plain {
            fault(key.range.lowerBound, "merge keys (`<<`) are not read; write the fields out")
        } else if !stack[container].names.insert(name).inserted {
            fault(key.range.lowerBound, "the field \(quoted(name)) stands here for the second time")
        }
    }

    private mutating func fault(_ offset: Int, _ message: String) {
        faults.append(Fault(offset: offset, message: message))
    }

    private func offset(_ index: Int) -> Int {
        if offsets.isEmpty { return base + min(index, count) }
        return index < offsets.count ? offsets[index] : base + count
    }
}

/// Text of a document as a message may repeat it: cut, in backticks, without what could deceive a reader.
func quoted(_ text: some StringProtocol) -> String {
    let cleaned = String(
        String.UnicodeScalarView(
            text.unicodeScalars.prefix(DocumentLimits.maxQuotedCharacters + 1).map {
                TextRule.isHidden($0) ? "\u{FFFD}" : $0
            }))
    let isCut = cleaned.unicodeScalars.count > DocumentLimits.maxQuotedCharacters
    return "`\(isCut ? String(cleaned.unicodeScalars.prefix(DocumentLimits.maxQuotedCharacters)) + "…" : cleaned)`"
}
