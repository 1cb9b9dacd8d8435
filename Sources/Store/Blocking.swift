import Dispatch

/// Carries blocking calls off the cooperative pool.
enum Blocking {
    private static let queue = DispatchQueue(label: "ballast.store.blocking", attributes: .concurrent)

    static func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result(catching: body)) }
        }
    }
}
