/// Zeller's ddmin: leaves out of a list whatever is not needed for something to go on failing. The result is small, not least.
package enum DeltaDebugging {
    /// - Parameters:
    ///   - budget: trials at most; counted down.
    ///   - fails: whether it still fails with these alone.
    package static func minimal<Item: Sendable>(
        _ items: [Item], budget: inout Int, fails: ([Item]) async -> Bool
    ) async -> [Item] {
        var items = items
        var parts = 2
        while !items.isEmpty, budget > 0 {
            let size = max(1, (items.count + parts - 1) / parts)
            var isSmaller = false
            var start = 0
            while start < items.count, budget > 0 {
                let without = Array(items[..<start] + items[min(start + size, items.count)...])
                budget -= 1
                if await fails(without) {
                    items = without
                    parts = max(2, parts - 1)
                    isSmaller = true
                } else {
                    start += size
                }
            }
            if isSmaller { continue }
            if size == 1 { break }
            parts = min(items.count, parts * 2)
        }
        return items
    }
}
