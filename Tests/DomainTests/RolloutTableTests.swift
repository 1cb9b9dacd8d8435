import Domain
import Foundation
import Testing

/// The document beside the machine holds an answer for every event in every state, and the machine gives it.
@Suite struct RolloutTableTests {
    static let document = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Sources/Domain/Rollout/TABLE.md")

    /// State → event → answer, as written.
    static func cells() throws -> [String: [String: String]] {
        var cells: [String: [String: String]] = [:]
        var states: [String] = []
        for line in try String(contentsOf: document, encoding: .utf8).split(separator: "\n") {
            guard line.hasPrefix("| ") else { continue }
            let parts = line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
                .map { $0.trimmingCharacters(in: .whitespaces) }
            guard let event = parts.first, !event.hasPrefix("---") else { continue }
            if event == "event" {
                states = Array(parts.dropFirst())
            } else {
                for (state, cell) in zip(states, parts.dropFirst()) { cells[state, default: [:]][event] = cell }
            }
        }
        return cells
    }

    @Test func everyCellHasAnAnswerAndNoneIsLeftOver() throws {
        let cells = try Self.cells()
        let states = (RolloutTable.primary + RolloutTable.failover).map(\.name)
        #expect(Set(cells.keys) == Set(states))
        for state in states {
            #expect(Set(cells[state, default: [:]].keys) == Set(RolloutTable.happenings.map(\.name)), "\(state)")
            for (event, cell) in cells[state, default: [:]] { #expect(!cell.isEmpty, "\(state) × \(event)") }
        }
    }

    @Test func everyPhaseQuestionAndKindOfFailureStandsInTheTable() {
        let states = (RolloutTable.primary + RolloutTable.failover).map(\.name).joined(separator: " ")
        for phase in Rollout.Phase.allCases { #expect(states.contains(phase.rawValue), "\(phase)") }
        for question in Rollout.Question.allCases { #expect(states.contains("/\(question.rawValue)"), "\(question)") }
        let events = RolloutTable.happenings.map(\.name).joined(separator: " ")
        for conflict in PlatformFailure.Conflict.allCases where conflict != .inFlight {
            #expect(events.contains("conflict, \(conflict.rawValue)"))
        }
    }

    @Test(arguments: (RolloutTable.primary + RolloutTable.failover).map(\.name))
    func theMachineGivesTheAnswersOfTheColumn(_ name: String) throws {
        let column = try #require(try Self.cells()[name])
        let state = try #require((RolloutTable.primary + RolloutTable.failover).first { $0.name == name })
        for happening in RolloutTable.happenings {
            var driver = state.make()
            #expect(RolloutTable.place(driver.rollout) == name)
            let before = driver.rollout
            happening.apply(&driver)
            let place = RolloutTable.place(driver.rollout)
            let isIgnored = driver.rollout == before && driver.effects.isEmpty
            let answer = isIgnored ? "ignored" : place == name ? "stays" : place
            #expect(answer == column[happening.name], "\(name) × \(happening.name)")
        }
    }
}
