/// Thrown where a condition did not come true in time.
package struct ConditionTimeout: Error, CustomStringConvertible {
    package let condition: String
    package let limit: Duration

    package var description: String { "not true within \(limit): \(condition)" }
}

/// Looks at a condition until it holds. For what a test cannot be told about (another process, a file); where a part
/// offers something to wait for, wait for that instead.
/// - Parameters:
///   - timeout: How long to look at most; generous, since a passing test never waits for it.
///   - interval: The pause between two looks.
package func eventually(
    _ description: String = "the condition", timeout: Duration = .seconds(20),
    interval: Duration = .milliseconds(10), _ condition: () async throws -> Bool
) async throws {
    let start = ContinuousClock.now
    while true {
        if try await condition() { return }
        if ContinuousClock.now - start > timeout {
            throw ConditionTimeout(condition: description, limit: timeout)
        }
        try await Task.sleep(for: interval)
    }
}

/// The same for a value that appears.
package func eventually<Value>(
    _ description: String = "a value", timeout: Duration = .seconds(20),
    interval: Duration = .milliseconds(10), value: () async throws -> Value?
) async throws -> Value {
    var found: Value?
    try await eventually(description, timeout: timeout, interval: interval) {
        found = try await value()
        return found != nil
    }
    guard let found else { throw ConditionTimeout(condition: description, limit: timeout) }
    return found
}
