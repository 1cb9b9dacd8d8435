extension Dictionary where Key: Comparable {
    /// By key: what walks a dictionary as it comes does not the same in every process.
    package var inOrder: [Element] { sorted { $0.key < $1.key } }
}
