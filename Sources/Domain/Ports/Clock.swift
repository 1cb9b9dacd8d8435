/// Both clocks of one state, read once for every decision.
package protocol Clock: Sendable {
    func now() -> Now
}
