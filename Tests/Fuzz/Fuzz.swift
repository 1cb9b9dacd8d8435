import Foundation
import Glibc

/// `swift run -c release fuzz --inputs N [--target T] [--seed S]`: feeds damaged inputs to everything that reads what others
/// wrote, each target in a process of its own, and ends with 1 where one crashed, hung, grew or broke a promise.
@main
struct Fuzz {
    static let usage = """
        fuzz [--inputs N] [--target NAME[,NAME...]] [--seed S] [--list]
        fuzz --target NAME --input FILE     plays one input again
          N inputs are shared among the targets by their share; the same seed gives the same inputs.

        """

    static func main() async {
        let options: Options
        do { options = try Options(Array(CommandLine.arguments.dropFirst())) } catch {
            FileHandle.standardError.write(Data("\(error)\n\(usage)".utf8))
            exit(64)
        }
        if options.isListing {
            for target in Target.all { print(target.name) }
            exit(0)
        }
        if options.isChild, let target = options.targets.first {
            await Run(target: target, options: options).play()
            exit(0)
        }
        exit(Overseer(options: options).run() ? 0 : 1)
    }
}

struct Options {
    struct Wrong: Error, CustomStringConvertible { var description: String }

    var inputs = 100_000
    var seed = UInt64.random(in: 1...UInt64(UInt32.max))
    var targets = Target.all
    var isListing = false
    /// One input to play again.
    var input: String?
    /// The process that does the work; `current` is the file that always holds the input being read.
    var isChild = false
    var current: String?

    init(_ arguments: [String]) throws {
        var rest = arguments[...]
        func value(_ name: String) throws -> String {
            guard let value = rest.popFirst() else { throw Wrong(description: "\(name) needs a value") }
            return value
        }
        func number<N: FixedWidthInteger>(_ name: String, _: N.Type) throws -> N {
            let text = try value(name)
            guard let number = N(text) else { throw Wrong(description: "\(name) needs a number, not \(text)") }
            return number
        }
        while let name = rest.popFirst() {
            switch name {
            case "--inputs": inputs = try number(name, Int.self)
            case "--seed": seed = try number(name, UInt64.self)
            case "--input": input = try value(name)
            case "--current": current = try value(name)
            case "--child": isChild = true
            case "--list": isListing = true
            case "--target":
                let names = try value(name).split(separator: ",").map(String.init)
                targets = Target.all.filter { names.contains($0.name) }
                let unknown = Set(names).subtracting(targets.map(\.name))
                guard unknown.isEmpty else { throw Wrong(description: "no target \(unknown.sorted())") }
            default: throw Wrong(description: "unknown: \(name)")
            }
        }
        if input != nil { isChild = true }
    }
}
