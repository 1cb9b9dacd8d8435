package import Domain

/// Drawing from a seed: the same seed gives the same on every machine.
extension SeededRandom {
    /// 0 where `limit` is not positive.
    package mutating func below(_ limit: Int) -> Int { limit <= 1 ? 0 : Int(next() % UInt64(limit)) }

    package mutating func one<Item>(of items: [Item]) -> Item { items[below(items.count)] }

    package mutating func chance(_ percent: Int) -> Bool { below(100) < percent }
}
