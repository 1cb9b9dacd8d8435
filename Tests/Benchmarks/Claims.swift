import Foundation

/// What a benchmark promises beside its figures. One that does not hold is seen, and decides the exit status.
final class Claims {
    private(set) var hold = true

    func expect(_ holds: Bool, _ words: String) {
        say("  \(holds ? "holds " : "MISSED") \(words)")
        if !holds { hold = false }
    }
}

extension Double {
    func text(_ digits: Int) -> String { String(format: "%.\(digits)f", self) }
}

extension [Double] {
    /// 0 where there is none.
    var median: Double { isEmpty ? 0 : sorted()[count / 2] }
}

/// One line at once, so that whoever reads a pipe sees it when it is said.
func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
