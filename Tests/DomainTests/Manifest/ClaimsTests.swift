import Domain
import Testing

struct ClaimsTests {
    private func doc(_ path: String, _ name: String, _ bot: String, index: Int = 0, content: String? = nil)
        -> Claims.Document
    {
        Claims.Document(
            path: path, index: index, name: name, key: BotKey(platform: "p", botId: bot, environment: "E"),
            content: content ?? "\(path)\(name)\(bot)")
    }

    /// Paths and positions of those in force and of what is frozen.
    private func judge(
        _ documents: [Claims.Document], held: [Claims.Document] = [], unreadable: Set<String> = []
    ) -> (inForce: [Int], refused: [Int], frozen: [String]) {
        let verdict = Claims.judge(documents, held: held, unreadable: unreadable)
        #expect(Set(verdict.inForce).isDisjoint(with: verdict.refused.keys))
        #expect(verdict.inForce.count + verdict.refused.count == documents.count)
        return (verdict.inForce, verdict.refused.keys.sorted(), verdict.frozen.map(\.key.botId))
    }

    @Test func withoutDuplicatesAllAreInForce() {
        #expect(judge([doc("a", "n1", "b1"), doc("b", "n2", "b2")]) == ([0, 1], [], []))
    }

    @Test func withoutHistoryBothAreErrors() {
        #expect(judge([doc("a", "n1", "b1"), doc("b", "n2", "b1"), doc("c", "n3", "b3")]) == ([2], [0, 1], []))
        #expect(judge([doc("a", "n1", "b1"), doc("b", "n1", "b2")]) == ([], [0, 1], []))
        let verdict = Claims.judge([doc("a", "n1", "b1"), doc("b", "n2", "b1")], held: [], unreadable: [])
        #expect(verdict.refused[0]?.first?.contains("p/b1/E is also claimed by b, document 1") == true)
    }

    @Test func theHolderStaysAndTheNewcomerIsTheError() {
        let held = [doc("b", "n1", "b1")]
        #expect(judge([doc("a", "n2", "b1"), doc("b", "n1", "b1")], held: held) == ([1], [0], []))
        #expect(judge([doc("a", "n1", "b2"), doc("b", "n1", "b1")], held: held) == ([1], [0], []))
    }

    @Test func theHolderStaysThoughItsContentChanged() {
        let held = [doc("b", "n1", "b1", content: "old")]
        #expect(
            judge([doc("a", "n1", "b1", content: "old"), doc("b", "n1", "b1", content: "new")], held: held) == (
                [1], [0], []
            ))
    }

    @Test func aMovedFileHoldsOn() {
        let held = [doc("a", "n1", "b1", content: "same")]
        #expect(judge([doc("new", "n1", "b1", content: "same"), doc("c", "n3", "b1")], held: held) == ([0], [1], []))
    }

    @Test func aDeletedHolderGivesWay() {
        let held = [doc("a", "n1", "b1")]
        #expect(judge([doc("new", "n1", "b1")], held: held) == ([0], [], []))
        #expect(judge([], held: held) == ([], [], []))
    }

    @Test func anUnreadableHolderIsFrozenAndKeepsItsBotAndName() {
        let held = [doc("a", "n1", "b1")]
        #expect(judge([doc("c", "n2", "b1")], held: held, unreadable: ["a"]) == ([], [0], ["b1"]))
        #expect(judge([doc("c", "n1", "b2")], held: held, unreadable: ["a"]) == ([], [0], ["b1"]))
        #expect(judge([doc("c", "n3", "b3")], held: held, unreadable: ["a"]) == ([0], [], ["b1"]))
    }

    @Test func aReadablePartOfAnUnreadableFileStaysInForce() {
        let held = [doc("a", "n1", "b1", index: 0), doc("a", "n2", "b2", index: 1)]
        #expect(judge([doc("a", "n2", "b2", index: 1)], held: held, unreadable: ["a"]) == ([0], [], ["b1"]))
    }

    @Test func copiesInOneFileAreToldApart() {
        let held = [doc("a", "n1", "b1", index: 0, content: "x")]
        let original = doc("a", "n1", "b1", index: 1, content: "x")
        let copy = doc("a", "n1", "b1", index: 0, content: "y")
        #expect(judge([copy, original], held: held) == ([1], [0], []))
        let edited = doc("a", "n1", "b1", index: 1, content: "z")
        #expect(judge([copy, edited], held: held) == ([0], [1], []))
        let renamed = doc("a", "n2", "b1", index: 0, content: "q")
        #expect(judge([renamed, edited], held: held) == ([1], [0], []))
    }

    @Test func namesAndBotsMayBeSwapped() {
        let held = [doc("a", "n1", "b1"), doc("b", "n2", "b2")]
        #expect(judge([doc("a", "n2", "b1"), doc("b", "n1", "b2")], held: held) == ([0, 1], [], []))
        #expect(judge([doc("a", "n1", "b2"), doc("b", "n2", "b1")], held: held) == ([0, 1], [], []))
    }

    /// A document that is refused holds on to its bot, which no newcomer gets.
    @Test func whoIsRefusedStillHoldsItsBot() {
        let held = [doc("a", "n1", "b1"), doc("b", "n2", "b2")]
        let documents = [doc("a", "n2", "b1"), doc("b", "n2", "b2"), doc("c", "n3", "b1"), doc("d", "n1", "b4")]
        #expect(judge(documents, held: held) == ([1], [0, 2, 3], ["b1"]))
    }

    /// A document that reached for another team's bot freezes its own alone.
    @Test func reachingForAnothersBotFreezesOnlyOnesOwn() {
        let held = [doc("a", "n1", "b1"), doc("b", "n2", "b2")]
        #expect(
            judge([doc("a", "n1", "b2"), doc("b", "n2", "b2"), doc("c", "n9", "b1")], held: held) == (
                [1], [0, 2], ["b1"]
            ))
    }

    @Test(.timeLimit(.minutes(1))) func manyDocumentsAreJudgedInLinearTime() {
        let documents = (0..<100_000).map { doc("d\($0 / 100)", "n\($0)", "b\($0 % 99_999)", index: $0 % 100) }
        let verdict = Claims.judge(documents, held: documents.dropLast(), unreadable: ["d7"])
        #expect(verdict.refused.keys.sorted() == [99_999])
        let sameName = (0..<20_000).map { doc("d\($0)", "n", "b\($0)") }
        #expect(Claims.judge(sameName, held: [], unreadable: []).inForce.isEmpty)
    }
}
