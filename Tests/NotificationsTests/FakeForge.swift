import Foundation
import Support
import Synchronization

/// A forge that behaves as the real ones do where it matters: GitLab refuses a state that is there already, GitHub keeps a
/// thousand statuses of a context, Bitbucket keeps the last of a key. It wants to see the right token.
final class FakeForge: Sendable {
    struct Status: Equatable {
        var context: String
        var state: String
    }

    struct Deployment {
        var id: Int
        var environment: String
        var rollout: String
        var states: [String] = []
    }

    private struct State {
        /// By commit, oldest first.
        var statuses: [String: [Status]] = [:]
        var deployments: [Deployment] = []
    }

    static let maxGitHubStatuses = 1000

    private let state = Mutex(State())
    private let token: String

    init(token: String) { self.token = token }

    func statuses(of commit: String) -> [Status] { state.withLock { $0.statuses[commit] ?? [] } }
    var deployments: [Deployment] { state.withLock { $0.deployments } }
    func put(_ number: Int, _ context: String, on commit: String) {
        state.withLock {
            $0.statuses[commit, default: []] += Array(
                repeating: Status(context: context, state: "pending"), count: number)
        }
    }

    var script: RawServer.Script { .init { self.reply($0) } }

    func reply(_ request: RawServer.Request) -> RawServer.Reply {
        let parts = request.target.prefix { $0 != "?" }.split(separator: "/").map {
            String($0).removingPercentEncoding ?? ""
        }
        let body = (try? JSONSerialization.jsonObject(with: Data(request.body))) as? [String: Any] ?? [:]
        switch (request.method, parts.first, parts.dropFirst(2).first) {
        case (_, "projects", _): return gitlab(request, parts, body)
        case (_, "repositories", _): return bitbucket(request, parts, body)
        case (_, "repos", _) where request.headers["authorization"]?.hasPrefix("token ") == true:
            return gitea(request, parts, body)
        case (_, "repos", _): return github(request, parts, body)
        default: return .http(404, "{}")
        }
    }

    private func github(_ request: RawServer.Request, _ parts: [String], _ body: [String: Any]) -> RawServer.Reply {
        guard request.headers["authorization"] == "Bearer \(token)" else {
            return .http(401, "{\"message\":\"Bad credentials\"}")
        }
        guard request.headers["user-agent"] != nil else { return .http(403, "no user agent") }
        switch (request.method, parts.count > 3 ? parts[3] : "", parts.count) {
        case ("POST", "statuses", 5):
            guard let context = body["context"] as? String, let value = body["state"] as? String,
                ["error", "failure", "pending", "success"].contains(value),
                (body["description"] as? String ?? "").unicodeScalars.count <= 140
            else { return .http(422, "{\"message\":\"Validation Failed\"}") }
            let isFull = state.withLock { state in
                let count = state.statuses[parts[4], default: []].count { $0.context == context }
                guard count < FakeForge.maxGitHubStatuses else { return true }
                state.statuses[parts[4], default: []].append(Status(context: context, state: value))
                return false
            }
            return isFull
                ? .http(422, "{\"message\":\"This SHA and context has reached the maximum number of statuses.\"}")
                : .http(201, "{}")
        case ("GET", "deployments", 4): return .http(200, listDeployments(request.target))
        case ("POST", "deployments", 4):
            guard body["auto_merge"] as? Bool == false, (body["required_contexts"] as? [String])?.isEmpty == true else {
                return .http(409, "{\"message\":\"Conflict\"}")
            }
            let id = state.withLock { state in
                let id = 100 + state.deployments.count
                state.deployments.append(
                    Deployment(
                        id: id, environment: body["environment"] as? String ?? "",
                        rollout: (body["payload"] as? [String: Any])?["rollout"] as? String ?? ""))
                return id
            }
            return .http(201, "{\"id\":\(id)}")
        case ("POST", "deployments", 6):
            let known = state.withLock { state in
                guard let index = state.deployments.firstIndex(where: { "\($0.id)" == parts[4] }) else { return false }
                state.deployments[index].states.append(body["state"] as? String ?? "")
                return true
            }
            return known ? .http(201, "{}") : .http(404, "{}")
        default: return .http(404, "{\"message\":\"Not Found\"}")
        }
    }

    private func listDeployments(_ target: String) -> String {
        let items = state.withLock { $0.deployments }.reversed().map { deployment in
            "{\"id\":\(deployment.id),\"payload\":{\"rollout\":\"\(deployment.rollout)\"}}"
        }
        return "[\(items.joined(separator: ","))]"
    }

    private func gitlab(_ request: RawServer.Request, _ parts: [String], _ body: [String: Any]) -> RawServer.Reply {
        guard request.headers["private-token"] == token else { return .http(401, "{\"message\":\"401 Unauthorized\"}") }
        guard parts.count > 2, parts[1] == "team/bots" || parts[1] == "42" else {
            return .http(404, "{\"message\":\"404 Project Not Found\"}")
        }
        if request.method == "GET", parts.count == 6, parts[2] == "repository", parts[5] == "statuses" {
            let items = statuses(of: parts[4]).enumerated().map {
                "{\"id\":\($0.offset + 1),\"name\":\"\($0.element.context)\",\"status\":\"\($0.element.state)\"}"
            }
            return .http(200, "[\(items.joined(separator: ","))]")
        }
        guard request.method == "POST", parts.count == 4, parts[2] == "statuses",
            let name = body["name"] as? String, let value = body["state"] as? String,
            ["pending", "running", "success", "failed", "canceled"].contains(value)
        else { return .http(400, "{\"message\":\"state does not have a valid value\"}") }
        let repeats = state.withLock { state in
            let last = state.statuses[parts[3], default: []].last { $0.context == name }?.state
            if last == value { return true }
            state.statuses[parts[3], default: []].append(Status(context: name, state: value))
            return false
        }
        return repeats
            ? .http(400, "{\"message\":\"Cannot transition status via :enqueue from :\(value)\"}") : .http(201, "{}")
    }

    private func gitea(_ request: RawServer.Request, _ parts: [String], _ body: [String: Any]) -> RawServer.Reply {
        guard request.headers["authorization"] == "token \(token)" else { return .http(401, "{}") }
        guard parts.count == 5, parts[3] == "statuses", let context = body["context"] as? String,
            let value = body["state"] as? String,
            ["pending", "success", "error", "failure", "warning"].contains(value)
        else { return .http(422, "{\"message\":\"bad\"}") }
        state.withLock { $0.statuses[parts[4], default: []].append(Status(context: context, state: value)) }
        return .http(201, "{}")
    }

    private func bitbucket(_ request: RawServer.Request, _ parts: [String], _ body: [String: Any]) -> RawServer.Reply {
        guard request.headers["authorization"] == "Bearer \(token)" else { return .http(401, "{}") }
        guard parts.count == 7, parts[3] == "commit", let key = body["key"] as? String, key.count <= 40,
            let value = body["state"] as? String,
            ["INPROGRESS", "SUCCESSFUL", "FAILED", "STOPPED"].contains(value),
            (body["url"] as? String)?.hasPrefix("https://") == true
        else { return .http(400, "{\"error\":{\"message\":\"Bad request\"}}") }
        state.withLock { state in
            state.statuses[parts[4], default: []].removeAll { $0.context == key }
            state.statuses[parts[4], default: []].append(Status(context: key, state: value))
        }
        return .http(201, "{}")
    }
}
