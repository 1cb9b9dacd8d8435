import Domain
import Simulation
import Testing

/// 11 answers to 8 questions in 3 phases, wherever the answer is one to the question: whatever a platform answers once, every invariant holds and the bot
/// comes to rest.
@Suite("Platform matrix") struct MatrixTests {
    @Test(arguments: Rollout.Question.allCases, MatrixCell.Phase.allCases)
    func holds(_ step: Rollout.Question, _ phase: MatrixCell.Phase) async {
        for cell in MatrixCell.all where cell.step == step && cell.phase == phase {
            let report = await Runner.run(cell.world, cell: cell, name: "cell-\(step.rawValue)-\(phase.rawValue)")
            #expect(report.playedCell, "\(cell) did not come to pass")
            #expect(report.violation == nil, "\(cell)")
            #expect(report.outcomes.values.reduce(0, +) >= 1, "\(cell) has no outcome")
        }
    }

    @Test("only a status can fall back, and only what names a version can name another") func cells() {
        #expect(Set(MatrixCell.all).count == (11 * 8 - 7 - 3) * 3)
    }
}
