import Domain

/// The operations that change nothing.
extension World {
    func listVersions(_ call: Call) throws(Refusal) -> Answer {
        guard let bot = call.botId.flatMap({ bots[$0] }) else { throw unknownBot(call) }
        let page = try page(of: call)
        let range = page.range(in: bot.versions.count, ignoring: options.paging == .ignored)
        let items = bot.versions[range].map { version in
            Envelope.Version(
                id: version.id, status: version.status, environment: version.environment,
                createdAt: InstantText.iso8601(version.createdAt ?? Timestamp(milliseconds: 0)))
        }
        return Answer(.versions(items), pagination: pagination(page, total: bot.versions.count))
    }

    func listSessions(_ call: Call, now: Timestamp) throws(Refusal) -> Answer {
        guard call.query["status"] == "active" else { throw Refusal(Answer(problem: 400, "status must be active")) }
        guard let botId = call.botId, bots[botId] != nil else { throw unknownBot(call) }
        let page = try page(of: call)
        let wanted = options.knowsEnvironmentOfSessions ? call.environment : nil
        let places = (environments[botId] ?? []).filter { wanted == nil || $0 == wanted }
            .map { Place(botId: botId, environment: $0) }
        let counts = places.map { placements[$0]?.openSessions(at: now) ?? 0 }
        let total = counts.reduce(0, +)
        var items: [Envelope.Session] = []
        for number in page.range(in: total, ignoring: options.paging == .ignored) {
            var rest = number
            var place = 0
            while rest >= counts[place] {
                rest -= counts[place]
                place += 1
            }
            items.append(
                Envelope.Session(
                    sessionId: "session_\(number + 1)", botId: botId, environment: places[place].environment))
        }
        return Answer(.sessions(items), pagination: pagination(page, total: total))
    }

    /// Newest first, from whichever index is the smallest.
    func listDeployments(_ call: Call, now: Timestamp) throws(Refusal) -> Answer {
        let page = try page(of: call)
        var found: [Int] = []
        switch (call.botId, call.environment) {
        case (let bot?, let environment?):
            guard bots[bot] != nil else { throw unknownBot(call) }
            found = placements[Place(botId: bot, environment: environment)]?.jobs ?? []
        case (let bot?, nil):
            guard bots[bot] != nil else { throw unknownBot(call) }
            found = jobsByBot[bot] ?? []
        case (nil, let environment?): found = jobsByEnvironment[environment] ?? []
        case (nil, nil): found = Array(jobs.indices)
        }
        if let state = call.query["state"] { found = found.filter { jobs[$0].listedState(at: now) == state } }
        let range = page.range(in: found.count, ignoring: options.paging == .ignored)
        let items = range.map { listed(jobs[found[found.count - 1 - $0]], now: now) }
        return Answer(.jobs(items), pagination: pagination(page, total: found.count))
    }

    private func listed(_ job: SimulatedJob, now: Timestamp) -> Envelope.Job {
        let state = job.listedState(at: now)
        let ended = state == "COMPLETED" || state == "FAILED"
        let omitted = options.omittedJobFields
        return Envelope.Job(
            jobId: job.id, botId: job.botId, targetVersionId: job.listedVersionId(at: now),
            environment: job.environment, action: omitted.contains(.action) ? nil : job.action, state: state,
            errorMessage: state == "FAILED" ? job.errorMessage : nil,
            createdAt: InstantText.iso8601(job.createdAt),
            completedAt: ended && !omitted.contains(.completedAt) ? InstantText.iso8601(job.endsAt) : nil,
            createdBy: omitted.contains(.createdBy) ? nil : job.createdBy,
            idempotencyKey: omitted.contains(.idempotencyKey) ? nil : job.idempotencyKey)
    }

    func deploymentStatus(_ call: Call, now: Timestamp) throws(Refusal) -> Answer {
        guard let index = call.jobId.flatMap(position(of:)) else {
            throw Refusal(Answer(problem: 404, "there is no job \(call.jobId ?? "")"))
        }
        let job = jobs[index]
        let state = job.reportedState(at: now)
        return Answer(
            .status(Envelope.Status(state: state, errorMessage: state == "FAILED" ? job.errorMessage : nil)))
    }

    func unknownBot(_ call: Call) -> Refusal {
        Refusal(Answer(problem: 404, "there is no bot \(call.botId ?? "")"))
    }

    private func pagination(_ page: Page, total: Int) -> Envelope.Pagination? {
        options.paging == .unannounced ? nil : Envelope.Pagination(page: page.number, size: page.size, total: total)
    }

    private func page(of call: Call) throws(Refusal) -> Page {
        guard let number = Int(call.query["page"] ?? "1"), number >= 1,
            let size = Int(call.query["size"] ?? "\(SimulatorLimits.maxPageItems)"),
            (1...SimulatorLimits.maxPageItems).contains(size)
        else { throw Refusal(Answer(problem: 400, "page must be at least 1 and size 1 to 50")) }
        return Page(number: number, size: size)
    }
}

/// Which part of a listing is asked for.
struct Page: Sendable {
    var number: Int
    var size: Int

    func range(in total: Int, ignoring: Bool) -> Range<Int> {
        let (start, overflow) = (ignoring ? 0 : number - 1).multipliedReportingOverflow(by: size)
        guard !overflow, start < total else { return total..<total }
        return start..<min(total, start + size)
    }
}
