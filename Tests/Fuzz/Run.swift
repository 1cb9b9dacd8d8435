import Foundation
import Glibc
import Support

/// Plays the inputs of one target in this process.
struct Run {
    /// One input may cost this much of a processor's time; more is a hang that a sender could cause at will.
    static let maxProcessorSeconds = 2.0
    /// Growth of the resident memory over the last nine tenths of the run: more than what is bred, and what a few inputs
    /// of the greatest length leave to the allocator.
    static let maxGrowthBytes = 32 << 20

    static let maxKinds = 1 << 16

    let target: Target
    let options: Options

    func play() async {
        do {
            let place = try options.current.map { try CurrentInput(path: $0) }
            if let file = options.input {
                let bytes = Array(try Data(contentsOf: URL(filePath: file)))
                let outcome = try await target.read(bytes)
                print("\(target.name): \(outcome.isGood ? "good" : "refused")")
                return
            }
            try await play(place)
        } catch {
            FileHandle.standardError.write(Data("\(target.name): \(error)\n".utf8))
            exit(3)
        }
    }

    private func play(_ place: CurrentInput?) async throws {
        let seeds = try target.seeds()
        let count = max(options.inputs, seeds.count)
        var pool = Pool(seeds: seeds)
        var kinds: Set<UInt64> = []
        var mutator = Mutator(seed: options.seed ^ Self.hash(target.name), words: target.words)
        var good = 0
        var slowest = 0.0
        var settled = 0
        let first = Figures.residentBytes
        let started = ContinuousClock.now
        for number in 0..<count {
            let bytes = number < seeds.count ? seeds[number] : mutator.next(from: pool.inputs)
            place?.hold(bytes)
            let before = Figures.processorSeconds
            let outcome = try await target.read(bytes)
            let seconds = Figures.processorSeconds - before
            slowest = max(slowest, seconds)
            try promise(seconds < Self.maxProcessorSeconds, "an input of \(bytes.count) bytes took \(seconds) s")
            if outcome.isGood { good += 1 }
            if kinds.count < Self.maxKinds, kinds.insert(outcome.kind).inserted { pool.breed(bytes, &mutator.random) }
            if number == count / 10 { settled = Figures.residentBytes }
        }
        let elapsed = (ContinuousClock.now - started) / .seconds(1)
        let last = Figures.residentBytes
        let summary = Summary(
            inputs: count, seconds: elapsed, good: good, kinds: kinds.count, slowestMilliseconds: slowest * 1000,
            firstBytes: first, settledBytes: settled, lastBytes: last)
        print(String(decoding: try JSONEncoder().encode(summary), as: UTF8.self))
        try promise(good > 0, "no input was ever good: the target reads nothing")
        try promise(
            last - settled < Self.maxGrowthBytes,
            "memory grew from \(settled >> 20) MiB to \(last >> 20) MiB")
    }

    static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}

/// What a child tells its overseer.
struct Summary: Codable {
    var inputs: Int
    var seconds: Double
    var good: Int
    var kinds: Int
    var slowestMilliseconds: Double
    var firstBytes: Int
    /// After a tenth of the inputs.
    var settledBytes: Int
    var lastBytes: Int
}

enum Figures {
    static var processorSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    static var residentBytes: Int {
        let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        return (text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * sysconf(Int32(_SC_PAGESIZE))
    }
}

/// A file in memory that holds the input being read, so that it outlives a crash: eight bytes of its length, then itself.
struct CurrentInput {
    static let bytes = Mutator.maxInputBytes + 4096

    private let memory: UnsafeMutableRawPointer

    init(path: String) throws {
        let file = open(path, O_RDWR | O_CREAT, 0o600)
        defer { close(file) }
        guard file >= 0, ftruncate(file, off_t(Self.bytes)) == 0,
            let memory = mmap(nil, Self.bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0), memory != MAP_FAILED
        else { throw BrokenPromise("\(path): \(String(cString: strerror(errno)))") }
        self.memory = memory
    }

    func hold(_ input: [UInt8]) {
        let count = min(input.count, Self.bytes - 8)
        memory.storeBytes(of: UInt64(count), as: UInt64.self)
        input.withUnsafeBytes { source in
            if let start = source.baseAddress { memcpy(memory + 8, start, count) }
        }
    }

    static func read(_ path: String) -> [UInt8] {
        let all = Array((try? Data(contentsOf: URL(filePath: path))) ?? Data())
        guard all.count > 8 else { return [] }
        let count = (0..<8).reduce(0) { $0 | Int(all[$1]) << (8 * $1) }
        return Array(all[8..<min(all.count, 8 + count)])
    }
}
