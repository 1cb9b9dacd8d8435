import Domain

/// One test case a file, as pipelines read them.
enum JUnitText {
    static func text(_ files: [(path: String, problems: [Problem])]) -> String {
        let failures = files.count { !$0.problems.isEmpty }
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
        text += "  <testsuite name=\"ballast validate\" tests=\"\(files.count)\" failures=\"\(failures)\">\n"
        for file in files {
            let opening = "    <testcase classname=\"manifest\" name=\"\(escaped(file.path))\""
            guard let first = file.problems.first else {
                text += opening + "/>\n"
                continue
            }
            text += opening + ">\n      <failure message=\"\(escaped(first.message))\">"
            text += escaped(file.problems.map { ProblemText.line($0) }.joined(separator: "\n"))
            text += "</failure>\n    </testcase>\n"
        }
        return text + "  </testsuite>\n</testsuites>\n"
    }

    /// For text and attributes; what XML 1.0 cannot hold is replaced.
    static func escaped(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\n": result += "&#10;"
            case "\t": result += "&#9;"
            case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
    }
}
