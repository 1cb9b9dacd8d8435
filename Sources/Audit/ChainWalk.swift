/// Follows one chain through one place, in the order in which its records stand there, and names what is wrong. Memory does
/// not grow with the chain: a record that stands before its turn is held until the next one tells what happened.
struct ChainWalk {
    struct Link {
        var index: Int64
        var previous: String
        var hash: String
        /// Of the file, from 1; nil where there are no lines.
        var line: Int?
    }

    struct Finding {
        var kind: AuditFinding.Kind
        var first: Int64
        var last: Int64
        var line: Int?
    }

    private(set) var findings: [Finding] = []
    private(set) var count = 0
    /// The index that comes next.
    private(set) var expected: Int64 = 1
    /// A line that is no genuine record stands where `expected` was due.
    private(set) var badLine: Int??
    /// nil: the record before is missing or not to be trusted.
    private var previous: String? = SHA256Hex.zeros
    /// Went beyond `expected`; the next record tells whether others are missing or this one stands too early.
    private var held: Link?
    private var early: (link: Link, expected: Int64)?
    /// The record after this one does not continue it; the next one tells which of the two was changed.
    private var doubt: Link?
    private var gap: (range: ClosedRange<Int64>, finding: Int)?

    /// A line that should be a record of this chain and is not genuine.
    mutating func addBad(line: Int?) {
        settleHeld(next: nil)
        if badLine == nil { badLine = .some(line) }
    }

    mutating func add(_ link: Link) {
        count += 1
        settleHeld(next: link)
        if link.index > expected, badLine == nil {
            if let early, early.link.index == expected, link.index == expected + 1 {
                takeEarly(early)
            } else {
                held = link
                return
            }
        }
        if link.index < expected { repeated(link) } else { inOrder(link) }
    }

    /// - Parameter last: the last record that another place proves to exist.
    mutating func finish(last: Int64) {
        settleHeld(next: nil)
        if let early {
            if early.link.index == expected {
                takeEarly(early)
            } else {
                report(.added, early.link.index, line: early.link.line)
            }
        }
        if let doubt { report(.changed, doubt.index, line: doubt.line) }
        doubt = nil
        if let line = badLine {
            if expected <= last {
                report(.changed, expected, line: line)
                expected += 1
            } else {
                report(.added, expected, line: line)
            }
            badLine = nil
        }
    }

    private mutating func report(_ kind: AuditFinding.Kind, _ first: Int64, _ last: Int64? = nil, line: Int?) {
        guard findings.count < AuditVerdict.maxFindings else { return }
        findings.append(Finding(kind: kind, first: first, last: last ?? first, line: line))
    }

    private mutating func settleHeld(next: Link?) {
        guard let link = held else { return }
        held = nil
        if let next, next.index < link.index, early == nil {
            early = (link, expected)
            return
        }
        if let doubt { report(.changed, doubt.index, line: doubt.line) }
        doubt = nil
        report(.cut, expected, link.index - 1, line: link.line)
        gap = (expected...(link.index - 1), findings.count - 1)
        accept(link)
    }

    /// What was missing here stood elsewhere.
    private mutating func takeEarly(_ early: (link: Link, expected: Int64)) {
        report(.reordered, min(early.expected, early.link.index), line: early.link.line)
        self.early = nil
        accept(early.link)
    }

    private mutating func repeated(_ link: Link) {
        if let gap, gap.range.contains(link.index), gap.finding < findings.count {
            findings[gap.finding].kind = .reordered
            findings[gap.finding].last = findings[gap.finding].first
        } else {
            report(.added, link.index, line: link.line)
        }
    }

    private mutating func inOrder(_ link: Link) {
        if let line = badLine {
            badLine = nil
            if link.index > expected {
                report(.changed, expected, line: line)
                accept(link)
                return
            }
            report(.added, expected, line: line)
        }
        if let early, early.link.index == link.index {
            report(.added, link.index, line: early.link.line)
            self.early = nil
        }
        let continues = previous == nil || previous == link.previous
        if let suspect = doubt {
            doubt = nil
            report(.changed, continues ? suspect.index : suspect.index + 1, line: continues ? suspect.line : nil)
        } else if !continues {
            if link.index == 1 { report(.changed, 1, line: link.line) } else { doubt = lastLink }
        }
        accept(link)
    }

    private var lastLink: Link?

    private mutating func accept(_ link: Link) {
        expected = link.index + 1
        previous = link.hash
        lastLink = link
    }
}
