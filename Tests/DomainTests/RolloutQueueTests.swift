import Domain
import Testing

@Suite("The queue of rollouts and its slots")
struct RolloutQueueTests {
    @Test("fresh commits before retries, each in order of arrival")
    func order() {
        var queue = RolloutQueue(slots: 8)
        queue.enqueue("r1", on: "p", isRetry: true)
        queue.enqueue("f1", on: "p", isRetry: false)
        queue.enqueue("r2", on: "q", isRetry: true)
        queue.enqueue("f2", on: "q", isRetry: false)
        var started: [String] = []
        while let id = queue.nextToStart() { started.append(id) }
        #expect(started == ["f1", "f2", "r1", "r2"])
    }

    @Test("guards are looked at ahead of the slots, two for each, and one platform takes nothing from another")
    func preparing() {
        var queue = RolloutQueue(slots: 1)
        for number in 1...5 { queue.enqueue("p\(number)", on: "p", isRetry: false) }
        queue.enqueue("q1", on: "q", isRetry: true)
        var started: [String] = []
        while let id = queue.nextToStart() { started.append(id) }
        #expect(started == ["p1", "p2", "q1"])
        queue.isNoLongerPreparing("p1")
        #expect(queue.nextToStart() == "p3")
        queue.forget("p4")
        queue.forget("p2")
        #expect(queue.nextToStart() == "p5")
    }

    @Test("slots go to whoever asked first; a platform that is paused is passed over and keeps its place")
    func slots() {
        var queue = RolloutQueue(slots: 2)
        queue.askForSlot("a", on: "p")
        queue.askForSlot("b", on: "q")
        queue.askForSlot("c", on: "p")
        queue.askForSlot("a", on: "p")
        #expect(queue.nextSlot { $0 == "p" } == "b")
        #expect(queue.nextSlot { $0 == "p" } == nil)
        #expect(queue.isAskedForSlot(on: "p") && !queue.isAskedForSlot(on: "q"))
        #expect(queue.nextSlot { _ in false } == "a")
        #expect(queue.nextSlot { _ in false } == nil)
        queue.giveBack("b")
        queue.forget("c")
        #expect(queue.nextSlot { _ in false } == nil)
        #expect(queue.holders == ["a"])
    }
}
