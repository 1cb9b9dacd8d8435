import Foundation
import Glibc
import Support

/// Starts one process for each target, so that a crash is one input's and the others go on, and keeps what made it crash.
struct Overseer {
    /// Without a new input for so long a target hangs.
    static let hangSeconds = 20.0
    static let deadlock = Duration.seconds(180)
    /// Of each target, whatever its share, or its memory shows nothing; where so many are asked for at all.
    static let leastInputs = 1000

    let options: Options

    func run() -> Bool {
        say("seed \(options.seed); \(options.inputs) inputs")
        let columns = [("target", 16), ("inputs", 10), ("per second", 11), ("good", 6), ("kinds", 6), ("slowest", 10)]
        say(columns.map { $0.padded($1) }.joined(separator: " ") + " memory, start -> a tenth -> end")
        var failures: [String] = []
        var inputs = 0
        let shares = options.targets.reduce(0) { $0 + $1.share }
        for target in options.targets {
            let least = min(Self.leastInputs, options.inputs)
            let count = max(least, options.inputs * target.share / shares)
            do {
                let summary = try play(target, count)
                inputs += summary.inputs
                say(line(target, summary))
            } catch {
                failures.append(target.name)
                say("\(target.name.padded(16)) FAILED: \(error)")
            }
        }
        say("\(inputs) inputs, \(failures.isEmpty ? "nothing found" : "failed: \(failures.joined(separator: ", "))")")
        return failures.isEmpty
    }

    private func line(_ target: Target, _ summary: Summary) -> String {
        let rate = Int(Double(summary.inputs) / max(summary.seconds, 0.001))
        let good = "\(summary.good * 100 / max(summary.inputs, 1)) %"
        let slowest = "\((summary.slowestMilliseconds * 10).rounded() / 10) ms"
        return [
            target.name.padded(16), "\(summary.inputs)".padded(10), "\(rate)".padded(11), good.padded(6),
            "\(summary.kinds)".padded(6), slowest.padded(10),
            "\(summary.firstBytes >> 20) -> \(summary.settledBytes >> 20) -> \(summary.lastBytes >> 20) MiB",
        ].joined(separator: " ")
    }

    private func play(_ target: Target, _ count: Int) throws -> Summary {
        let folder = FileManager.default.temporaryDirectory.appending(path: "ballast-fuzz-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let current = folder.appending(path: "current").path
        let output = folder.appending(path: "output").path
        let process = Process()
        process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = [
            "--child", "--target", target.name, "--inputs", "\(count)", "--seed", "\(options.seed)", "--current",
            current,
        ]
        _ = FileManager.default.createFile(atPath: output, contents: nil)
        process.standardOutput = try FileHandle(forWritingTo: URL(filePath: output))
        try process.run()
        let hung = waitFor(process, current)
        let said = (try? Data(contentsOf: URL(filePath: output))) ?? Data()
        let isFine = !hung && process.terminationReason == .exit && process.terminationStatus == 0
        if isFine, let summary = try? JSONDecoder().decode(Summary.self, from: said) { return summary }
        let kept = keep(CurrentInput.read(current), of: target)
        let how =
            hung
            ? "hung" : process.terminationReason == .exit ? "broke a promise" : "signal \(process.terminationStatus)"
        let program = "swift run -c release fuzz --target \(target.name)"
        throw BrokenPromise(
            "\(how)\n  replay the input  \(program) --input \(kept)\n"
                + "  replay the run    \(program) --inputs \(count) --seed \(options.seed)")
    }

    /// - Returns: whether it hung and was killed. Its processor time counts, so that a busy machine is no hang; and where it
    ///   uses none, a span that no machine is so busy for.
    private func waitFor(_ process: Process, _ current: String) -> Bool {
        var last = CurrentInput.read(current)
        var since = (processor: seconds(of: process.processIdentifier), wall: ContinuousClock.now)
        while process.isRunning {
            usleep(20_000)
            let spent = seconds(of: process.processIdentifier) - since.processor
            let waited = ContinuousClock.now - since.wall
            if spent < Self.hangSeconds, waited < Self.deadlock { continue }
            let now = CurrentInput.read(current)
            if now == last {
                kill(process.processIdentifier, SIGKILL)
                process.waitUntilExit()
                return true
            }
            last = now
            since = (seconds(of: process.processIdentifier), ContinuousClock.now)
        }
        process.waitUntilExit()
        return false
    }

    private func seconds(of process: pid_t) -> Double {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let end = text.lastIndex(of: ")")
        else { return 0 }
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 12 else { return 0 }
        return (Double(fields[11]) ?? 0) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    private func keep(_ input: [UInt8], of target: Target) -> String {
        let folder = Target.root.appending(path: ".build-fuzz")
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appending(path: "crash-\(target.name)-\(String(Run.hash("\(input)"), radix: 16))")
        try? Data(input).write(to: file)
        return file.path
    }
}

extension String {
    fileprivate func padded(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
