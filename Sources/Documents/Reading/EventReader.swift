import CYaml

/// libyaml's parser over one part of a file: a stream of events with their marks.
///
/// The events are read here, not through `Yams.compose`: composing recurses a thousand levels deep, hashes keys that may
/// be alias bombs, ends at the first duplicate key, and loses where a scalar ends.
final class EventReader {
    enum Event {
        case scalar(String, Node.Style)
        case startList
        case endList
        case startMapping
        case endMapping
        case startDocument(hasDirective: Bool)
        case endDocument
        case alias
        case endStream
        case other
    }

    struct Item {
        var event: Event
        var hasAnchor = false
        var hasTag = false
        /// Offsets in characters from the start of the part.
        var start: Int
        var end: Int
    }

    struct SyntaxFault: Error {
        var message: String
        /// In characters from the start of the part.
        var index: Int
    }

    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>

    /// Nil where no memory is to be had.
    init?(_ bytes: ArraySlice<UInt8>) {
        input = .allocate(capacity: max(bytes.count, 1))
        _ = input.update(fromContentsOf: bytes)
        parser = .allocate(capacity: 1)
        parser.initialize(to: yaml_parser_t())
        guard yaml_parser_initialize(parser) == 1 else {
            parser.deallocate()
            input.deallocate()
            return nil
        }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, input.baseAddress, bytes.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        input.deallocate()
    }

    func next() throws(SyntaxFault) -> Item {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw fault() }
        defer { yaml_event_delete(&event) }
        var item = Item(event: .other, start: event.start_mark.index, end: event.end_mark.index)
        switch event.type {
        case YAML_SCALAR_EVENT: read(event.data.scalar, into: &item)
        case YAML_SEQUENCE_START_EVENT:
            let start = event.data.sequence_start
            (item.event, item.hasAnchor, item.hasTag) = (.startList, start.anchor != nil, start.tag != nil)
        case YAML_MAPPING_START_EVENT:
            let start = event.data.mapping_start
            (item.event, item.hasAnchor, item.hasTag) = (.startMapping, start.anchor != nil, start.tag != nil)
        case YAML_SEQUENCE_END_EVENT: item.event = .endList
        case YAML_MAPPING_END_EVENT: item.event = .endMapping
        case YAML_ALIAS_EVENT: item.event = .alias
        case YAML_DOCUMENT_START_EVENT:
            let start = event.data.document_start
            let hasTags = start.tag_directives.start != start.tag_directives.end
            item.event = .startDocument(hasDirective: start.version_directive != nil || hasTags)
        case YAML_DOCUMENT_END_EVENT: item.event = .endDocument
        case YAML_STREAM_END_EVENT: item.event = .endStream
        default: item.event = .other
        }
        return item
    }

    private typealias ScalarData = yaml_event_s.__Unnamed_union_data.__Unnamed_struct_scalar

    private func read(_ scalar: ScalarData, into item: inout Item) {
        let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
        let style: Node.Style =
            switch scalar.style {
            case YAML_SINGLE_QUOTED_SCALAR_STYLE, YAML_DOUBLE_QUOTED_SCALAR_STYLE: .quoted
            case YAML_LITERAL_SCALAR_STYLE, YAML_FOLDED_SCALAR_STYLE: .block
            default: .plain
            }
        item.event = .scalar(String(decoding: bytes, as: UTF8.self), style)
        item.hasAnchor = scalar.anchor != nil
        // The non-specific tag `!` leaves no tag, but makes a plain scalar one that is not implicit.
        item.hasTag = scalar.tag != nil || (style == .plain && scalar.plain_implicit == 0)
    }

    private func fault() -> SyntaxFault {
        let problem = parser.pointee.problem.map { String(cString: $0) } ?? "it can't be read"
        let context = parser.pointee.context.map { String(cString: $0) }
        let isReader = parser.pointee.error == YAML_READER_ERROR
        // A quote that is never closed is best told where it was opened.
        let isUnclosed = context == "while scanning a quoted scalar" && problem.hasPrefix("found unexpected")
        let mark = isUnclosed ? parser.pointee.context_mark : parser.pointee.problem_mark
        return SyntaxFault(
            message: SyntaxWords.message(problem: problem, context: context), index: isReader ? 0 : mark.index)
    }
}
