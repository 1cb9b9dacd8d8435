import Domain
import Foundation

/// Does what a request asks for.
extension World {
    /// - Parameter course: A fault's, for the job that the request makes.
    mutating func perform(_ call: Call, course: JobScript?, now: Timestamp) -> Answer {
        do throws(Refusal) {
            if call.operation == .token { return try issueToken(call, now: now) }
            guard call.operation != .unknown else { throw Refusal(Answer(problem: 404, "there is no such path")) }
            let caller = try credentials.authorize(call, now: now).get()
            return switch call.operation {
            case .listVersions: try listVersions(call)
            case .listSessions: try listSessions(call, now: now)
            case .listDeployments: try listDeployments(call, now: now)
            case .getDeploymentStatus: try deploymentStatus(call, now: now)
            case .createDeployment: try createDeployment(call, caller: caller, course: course, now: now)
            case .testBot: try testBot(call, now: now)
            case .token, .unknown: Answer(problem: 404, "there is no such path")
            }
        } catch {
            return error.answer
        }
    }

    private mutating func createDeployment(_ call: Call, caller: String, course: JobScript?, now: Timestamp)
        throws(Refusal) -> Answer
    {
        guard let order = try? JSONDecoder().decode(DeploymentOrder.self, from: Data(call.body)) else {
            throw Refusal(Answer(problem: 400, "the body is not a deployment"))
        }
        if options.honoursIdempotencyKey, let first = call.idempotencyKey.flatMap({ jobByKey[$0] }) {
            log.noteRepeatedKey()
            return Answer(.created(Envelope.Created(jobId: jobs[first].id)))
        }
        let place = Place(botId: order.botId, environment: order.environment)
        settle(place, now: now)
        try check(order, at: place, call: call, now: now)
        let script = course ?? JobScript(queuedFor: options.queuedFor, runningFor: options.runningFor)
        let index = append(
            place, version: order.targetVersionId, action: order.action, by: caller, key: call.idempotencyKey,
            script: script, now: now)
        log.noteJob()
        return Answer(.created(Envelope.Created(jobId: jobs[index].id)))
    }

    private func check(_ order: DeploymentOrder, at place: Place, call: Call, now: Timestamp) throws(Refusal) {
        guard bots[order.botId] != nil else { throw unknownBot(call) }
        guard let version = version(order.targetVersionId, of: order.botId) else {
            throw Refusal(Answer(problem: 404, "bot \(order.botId) has no version \(order.targetVersionId)"))
        }
        guard ["ROLLBACK", "DEPLOY"].contains(order.action), !order.force else {
            throw Refusal(Answer(problem: 400, "action must be ROLLBACK or DEPLOY, and force false"))
        }
        if order.validateDependencies, version.dependenciesMissing {
            throw Refusal(
                Answer(
                    problem: 409,
                    "dependency validation failed: version \(version.id) references missing components"))
        }
        if options.refusesWhileDeploying, let open = placements[place]?.open.first {
            throw Refusal(Answer(problem: 409, "a deployment is in progress: \(jobs[open].id)"))
        }
        let sessions = placements[place]?.openSessions(at: now) ?? 0
        if let most = options.maxSessionsForDeployment, sessions > most {
            throw Refusal(Answer(problem: 409, "active sessions: \(sessions) are open"))
        }
    }

    private mutating func testBot(_ call: Call, now: Timestamp) throws(Refusal) -> Answer {
        guard let botId = call.botId, bots[botId] != nil else { throw unknownBot(call) }
        guard let order = try? JSONDecoder().decode(TestOrder.self, from: Data(call.body)) else {
            throw Refusal(Answer(problem: 400, "the body is not a test"))
        }
        let asked = options.knowsEnvironmentOfTests ? order.environment : nil
        let environment = asked ?? defaultEnvironment(of: botId, now: now)
        let place = Place(botId: botId, environment: environment)
        guard let id = served(at: place, now: now), let version = version(id, of: botId) else {
            throw Refusal(Answer(problem: 404, "bot \(botId) has no deployed version in \(environment)"))
        }
        guard !version.dependenciesMissing else {
            throw Refusal(Answer(problem: 500, "a skill of version \(id) is missing"))
        }
        let turn = version.turns[order.message] ?? version.turn
        var answer = Answer(
            .turn(
                Envelope.Turn(
                    intent: turn.intent.map { Envelope.Turn.Intent(name: $0, confidence: turn.confidence) },
                    entities: turn.entities, versionId: options.namesVersionInTests ? id : nil)))
        answer.delay = turn.latency
        return answer
    }

    /// PRODUCTION where something serves there, else the first environment where something does.
    private mutating func defaultEnvironment(of botId: String, now: Timestamp) -> String {
        let candidates = ["PRODUCTION"] + (environments[botId] ?? [])
        for environment in candidates where served(at: Place(botId: botId, environment: environment), now: now) != nil {
            return environment
        }
        return "PRODUCTION"
    }

    private mutating func issueToken(_ call: Call, now: Timestamp) throws(Refusal) -> Answer {
        var form: [String: String] = [:]
        for pair in String(decoding: call.body, as: UTF8.self).split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let decoded = parts.map { $0.replacing("+", with: " ").removingPercentEncoding ?? String($0) }
            form[decoded[0]] = decoded.count > 1 ? decoded[1] : ""
        }
        if let header = call.authorization, header.lowercased().hasPrefix("basic "),
            let bytes = Data(base64Encoded: String(header.dropFirst(6)))
        {
            let parts = String(decoding: bytes, as: UTF8.self).split(
                separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            form["client_id"] = String(parts[0]).removingPercentEncoding
            form["client_secret"] = parts.count > 1 ? String(parts[1]).removingPercentEncoding : nil
        }
        return credentials.issue(form, now: now, seed: options.seed)
    }
}
