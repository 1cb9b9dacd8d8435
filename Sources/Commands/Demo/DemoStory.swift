import Audit
import Domain
import Foundation
import Reconciler
import Simulator

/// What the demo shows, step by step.
struct DemoStory {
    let stage: DemoStage

    func tell() async throws {
        try await stage.makeRepository()
        heading("1. A first manifest: the bot gets its first version")
        try await stage.commit(version: "v_1", "order-support: begin with v_1")
        try await act(expecting: "v_1", .succeeded)

        heading("2. A bad version: it fails its verification, and the bot fails over")
        try await stage.commit(version: "v_2", "order-support: v_2")
        try await act(expecting: "v_1", .failedOver)
        say("git revert: the manifest says again what serves, so nothing has to be rolled")
        try await revert()
        try await act(expecting: "v_1", nil)

        heading("3. A good version, and a revert that rolls back")
        try await stage.commit(version: "v_3", "order-support: v_3")
        try await act(expecting: "v_3", .succeeded)
        say("git revert HEAD && git push")
        try await revert()
        try await act(expecting: "v_1", .succeeded)

        heading("4. Somebody deploys v_3 in the console, behind git's back")
        _ = stage.platform.deployBehindGit(DemoStage.bot, version: "v_3", by: "mallory@example.com")
        try await act(expecting: "v_1", .succeeded)
        try await showReports()
    }

    private func heading(_ text: String) {
        stage.console.out("\n" + Paint.bold.on(text, stage.console.hasColors) + "\n")
    }

    private func say(_ text: String) { stage.console.out("  \(text)\n") }

    private func revert() async throws {
        try await stage.git(["revert", "--no-edit", "HEAD"])
        try await stage.git(["push", "-q", "origin", "main"])
    }

    /// Reconciles, prints what happened, and holds it against what the story promises.
    private func act(expecting version: String, _ outcome: Outcome?) async throws {
        let before = stage.sink.accepted.count
        let started = ContinuousClock.now
        let report = try await stage.reconcile()
        let span = ContinuousClock.now - started
        for line in try events(after: before) { say(line) }
        let serves = stage.platform.servedVersion(of: DemoStage.bot) ?? "nothing"
        say(
            "the platform serves \(serves); \(report.bots.first.map { "\($0.name) is \($0.state.rawValue)" } ?? "no bot") "
                + "(\(span.formatted(.units(allowed: [.milliseconds]))))")
        guard serves == version, report.rollouts.last?.outcome == outcome else {
            throw CommandFailure(
                .unsuccessful, "the demo expected \(version) and \(outcome?.rawValue ?? "no rollout")",
                remedy: "Run it again with --keep and look at `ballast show`.")
        }
    }

    private struct Received: Decodable {
        var type: String
        var message: String
        var severity: String
    }

    private func events(after count: Int) throws -> [String] {
        try stage.sink.accepted.dropFirst(count).map { delivery in
            let event = try JSONDecoder().decode(Received.self, from: Data(delivery.body))
            let type = event.type.padding(toLength: 22, withPad: " ", startingAt: 0)
            return "event \(type) \(event.message)"
        }
    }

    private func showReports() async throws {
        heading("What git tells: git log --notes=ballast")
        try await stage.git(["fetch", "-q", "origin", "+refs/notes/ballast:refs/notes/ballast"])
        let log = try await stage.git([
            "log", "--notes=ballast", "--format=%C(auto)%h %s%n%N", "--reverse",
        ])
        for line in log.split(separator: "\n") { say(story(of: String(line))) }
        heading("In a clone of yours")
        say("git fetch origin +refs/notes/ballast:refs/notes/ballast")
        say("git log --notes=ballast")
    }

    /// A note's line is one JSON record; here its main members are enough.
    private func story(of line: String) -> String {
        guard line.hasPrefix("{"), let value = try? CanonicalJSON.parse(Array(line.utf8)) else { return line }
        let type = value["type"]?.text ?? "?"
        let said = value["message"]?.text ?? value["outcome"]?.text ?? ""
        let index = value["note"]?["index"]?.int.map { "note \($0)" } ?? "note"
        return "    \(index): \(type): \(said)"
    }
}
