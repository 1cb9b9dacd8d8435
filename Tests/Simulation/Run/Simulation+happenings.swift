import Domain
import Foundation
import Store

/// What the world does by itself.
extension Simulation {
    func happen(_ what: Happening) async throws {
        trace.add(elapsed)
        trace.tell(elapsed, "• \(Words.of(what, world))")
        switch what {
        case .commit(let changes, let isSigned): commit(changes, isSigned: isSigned, isRoot: false)
        case .rewrite(let changes): commit(changes, isSigned: true, isRoot: true)
        case .revert(let isSigned):
            outside.change { state in
                let wall = state.wall
                state.branch.revert(isSigned: isSigned, at: wall)
            }
        case .rewind(let count): outside.change { $0.branch.rewind(count) }
        case .deployed(let bot, let version, let by, let takes):
            let key = world.bots[bot].key
            let idempotency = by == .otherBallast ? "ballast-other-\(elapsed)-p-1" : nil
            let at = elapsed
            let name = by == .otherBallast ? "ballast" : "console"
            outside.change { state in
                // The platform takes one deployment of a bot at a time, from people too.
                guard state.platforms[key.platform]?.openJobs(of: key).isEmpty == true else { return }
                state.platforms[key.platform]?.deploys(
                    key, version, by: name, key: idempotency, takes: takes, at: at)
            }
        case .sessions(let bot, let count):
            let key = world.bots[bot].key
            outside.change { $0.platforms[key.platform]?.sessions[key] = count }
        case .published(let bot, let version, let isPublished):
            let key = world.bots[bot].key
            outside.change { $0.setPublished(key, version, isPublished) }
        case .decision(let choice): put(.choice(choice))
        case .hook: put(.input(.lookWanted, nil))
        case .pass: put(.input(.passWanted, nil))
        case .clock(let milliseconds):
            wallAhead += milliseconds
            moveClocks(to: elapsed)
        case .killed(let span): try die("killed", restartsAfter: span)
        case .stopped(let span):
            guard let process, !process.isStopping else { return }
            process.isStopping = true
            process.restartsAfter = span
            put(.input(.stop, nil))
            put(.input(.hurry, nil))
            agenda.add(.parked(process: process.number), at: elapsed + 4_000)
        case .second: try await startSecond()
        case .away(let place, let span):
            let until = elapsed + span.milliseconds
            outside.change { $0.away[place] = max($0.away[place] ?? 0, until) }
        case .strangersNote:
            outside.change { state in
                if let head = state.branch.head { state.notes.strangerWrites(on: head) }
            }
        }
        try see(.happened(what))
    }

    private func commit(_ changes: [Int: Happening.Change], isSigned: Bool, isRoot: Bool) {
        var files: [String: BranchModel.Content?] = [:]
        for (index, change) in changes {
            let bot = world.bots[index]
            switch change {
            case .manifest(let spec):
                files[bot.path] = .some(.manifest(Manifest(name: bot.name, labels: bot.labels, spec: spec)))
            case .removed: files[bot.path] = .some(nil)
            case .bad: files[bot.path] = .some(.bad(name: bot.name))
            }
        }
        outside.change { state in
            let wall = state.wall
            state.branch.commit(files, isSigned: isSigned, at: wall, isRoot: isRoot)
        }
    }

    private func startSecond() async throws {
        guard process != nil else { return }
        do {
            _ = try await RunningProcess.start(world, in: folder, outside: outside, number: 0, seed: world.seed)
            try see(.second(wasRefused: false))
        } catch let error as StoreError {
            guard case .inUse = error.code else { throw error }
            try see(.second(wasRefused: true))
        }
    }

    /// Every place is back and behaves; what hung ends, conversations end, and where the world says so a person cleans up.
    func endFaults() throws {
        trace.tell(elapsed, "— the faults end —")
        let now = elapsed
        outside.change { state in
            state.plan.isOver = true
            state.away = [:]
            for name in state.platforms.keys {
                state.platforms[name]?.endHanging(at: now)
                state.platforms[name]?.sessions = [:]
            }
        }
        if world.isRepaired {
            var changes: [Int: Happening.Change] = [:]
            outside.change { state in
                for (index, bot) in world.bots.enumerated() {
                    for version in bot.versions {
                        state.setPublished(bot.key, version.id, true)
                        state.mend(bot.key, version.id)
                    }
                    var spec = Manifest.Spec(
                        platform: bot.key.platform, botId: bot.key.botId, environment: bot.key.environment,
                        version: bot.versions[0].id)
                    spec.verify = [VerifyCase(message: "repaired", intent: "order_support", minConfidence: 0.8)]
                    changes[index] = .manifest(spec)
                }
            }
            commit(changes, isSigned: true, isRoot: false)
        }
        try see(.faultsEnded)
        // Whoever looks after the machine starts what does not run.
        agenda.add(.start, at: elapsed + 1_000)
        agenda.add(.check, at: elapsed + (world.isRepaired ? Bounds.repair : Bounds.pause).milliseconds)
        guard world.isRepaired else { return }
        // The head is read first; then a person ends what still holds.
        for (number, span) in Bounds.repairs.enumerated() {
            var choices: [Happening.Choice] = [.approve(mayOverrideTrust: true), .enableSinks]
            choices += world.configuration.platforms.flatMap {
                [.approveDrift($0.name), .resume(bot: nil, platform: $0.name)]
            }
            choices.append(.resume(bot: nil, platform: nil))
            for (index, _) in world.bots.enumerated() { choices.append(.resume(bot: index, platform: nil)) }
            // The first round only lets the head in.
            if number > 0, world.isReleased {
                choices += world.configuration.platforms.map { .releasePlatform($0.name) }
                choices += world.bots.indices.map { .release(bot: $0) }
            }
            for choice in choices { repairs.append((elapsed + span.milliseconds, choice)) }
        }
        for index in repairs.indices { agenda.add(.repair(index), at: repairs[index].at) }
    }
}

extension OutsideState {
    mutating func setPublished(_ key: BotKey, _ version: String, _ isPublished: Bool) {
        change(key, version) { $0.isPublished = isPublished }
    }

    mutating func mend(_ key: BotKey, _ version: String) {
        change(key, version) { one in
            one.fails = false
            one.isBad = false
            one.isFlaky = false
        }
    }

    private mutating func change(_ key: BotKey, _ version: String, _ body: (inout WorldVersion) -> Void) {
        guard let bot = platforms[key.platform]?.bots.firstIndex(where: { $0.key == key }),
            let position = platforms[key.platform]?.bots[bot].versions.firstIndex(where: { $0.id == version })
        else { return }
        guard var found = platforms[key.platform]?.bots[bot].versions[position] else { return }
        body(&found)
        platforms[key.platform]?.bots[bot].versions[position] = found
    }
}
