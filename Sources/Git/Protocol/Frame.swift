import FoundationEssentials

/// A message between parent and worker: four bytes with the length of the header, four with that of the tail (both
/// big-endian), the header as JSON, the tail as it is.
struct Frame: Sendable {
    var header: [UInt8]
    var tail: [UInt8]

    /// Larger headers (100,000 changes are about 25 MB) or tails end the conversation.
    static let maxHeaderBytes = 64 * 1024 * 1024
    static let maxTailBytes = 96 * 1024 * 1024
    /// One blob may not be larger, whatever the caller allows.
    static let maxBlobBytes = 64 * 1024 * 1024
    /// A worker ends an answer of many blobs or commits once its tail has this size.
    static let fullTailBytes = 16 * 1024 * 1024
    static let maxBlobsPerRequest = 10_000
    static let prefixBytes = 8

    init(header: [UInt8], tail: [UInt8]) {
        self.header = header
        self.tail = tail
    }

    init(_ message: some Encodable, tail: [UInt8] = []) throws {
        header = Array(try JSONEncoder().encode(message))
        self.tail = tail
    }

    /// A sign of life rather than an answer: no header at all.
    static let progress = Frame(header: [], tail: [])
    var isProgress: Bool { header.isEmpty }

    func decode<Message: Decodable>(_ type: Message.Type) throws -> Message {
        try JSONDecoder().decode(type, from: Data(header))
    }

    /// The bytes of header and tail after a prefix; `nil` where it passes a limit.
    static func lengths(prefix: some Collection<UInt8>) -> (header: Int, tail: Int)? {
        var numbers: [Int] = [0, 0]
        for (index, byte) in prefix.enumerated() where index < prefixBytes {
            numbers[index / 4] = numbers[index / 4] << 8 | Int(byte)
        }
        guard numbers[0] <= maxHeaderBytes, numbers[1] <= maxTailBytes else { return nil }
        return (numbers[0], numbers[1])
    }

    var bytes: [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(Self.prefixBytes + header.count + tail.count)
        for length in [UInt32(clamping: header.count), UInt32(clamping: tail.count)] {
            for shift in stride(from: 24, through: 0, by: -8) {
                result.append(UInt8(truncatingIfNeeded: length >> shift))
            }
        }
        result += header
        result += tail
        return result
    }

    /// Cuts whole frames out of a stream of bytes.
    struct Reader {
        private var buffer: [UInt8] = []
        private var start = 0

        mutating func append(_ bytes: some Collection<UInt8>) {
            if start > 0, start == buffer.count {
                buffer.removeAll(keepingCapacity: true)
                start = 0
            }
            buffer.append(contentsOf: bytes)
        }

        /// The next whole frame; `nil` while it has not come yet. Throws where a length passes the limit.
        mutating func next() throws(GitError) -> Frame? {
            guard buffer.count - start >= Frame.prefixBytes else { return nil }
            guard let lengths = Frame.lengths(prefix: buffer[start..<(start + Frame.prefixBytes)]) else {
                throw GitError(.worker, "a message between the git worker and its parent passes the size limit")
            }
            let header = start + Frame.prefixBytes
            let tail = header + lengths.header
            let end = tail + lengths.tail
            guard buffer.count >= end else { return nil }
            let frame = Frame(header: Array(buffer[header..<tail]), tail: Array(buffer[tail..<end]))
            buffer.removeFirst(end)
            start = 0
            return frame
        }
    }
}
