/// First in, first out, without moving what stays.
package struct Fifo<Element> {
    private var items: [Element] = []
    private var head = 0

    package init() {}

    package var count: Int { items.count - head }
    package var isEmpty: Bool { count == 0 }
    package var first: Element? { head < items.count ? items[head] : nil }

    package func contains(where isIt: (Element) -> Bool) -> Bool { items[head...].contains(where: isIt) }

    package mutating func append(_ item: Element) { items.append(item) }

    package mutating func popFirst() -> Element? {
        guard head < items.count else { return nil }
        let item = items[head]
        head += 1
        if head > 64, head * 2 > items.count {
            items.removeFirst(head)
            head = 0
        }
        return item
    }

    /// Takes away all but the first `count`, and gives them.
    package mutating func removeAll(after count: Int) -> [Element] {
        let start = min(head + count, items.count)
        defer { items.removeSubrange(start...) }
        return Array(items[start...])
    }

    /// Nothing where it is empty.
    package mutating func replaceFirst(with item: Element) {
        if head < items.count { items[head] = item }
    }

    package mutating func removeAll(where isGone: (Element) -> Bool) {
        items.removeFirst(head)
        head = 0
        items.removeAll(where: isGone)
    }
}

extension Fifo: Sendable where Element: Sendable {}
