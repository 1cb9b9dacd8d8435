package import Domain
package import Foundation

/// One delivery → one answer. Authenticates before it parses, stores nothing, and only ever asks for a look.
package final class HookIntake: Sendable {
    package struct Delivery: Sendable {
        package var provider: ServerSettings.Provider
        package var headers: [(name: String, value: String)]
        package var body: Data

        package init(provider: ServerSettings.Provider, headers: [(name: String, value: String)], body: Data) {
            self.provider = provider
            self.headers = headers
            self.body = body
        }
    }

    /// How it is answered; the status is `code`.
    package enum Answer: Hashable, Sendable {
        case queued
        case ignored(String)
        case badSignature
        case badBody(String)
        case badType
        /// Its secret cannot be read now.
        case unusable(String)

        package var code: Int {
            switch self {
            case .queued: 202
            case .ignored: 200
            case .badSignature: 401
            case .badBody: 400
            case .badType: 415
            case .unusable: 503
            }
        }

        /// The label of the metric.
        package var result: String {
            switch self {
            case .queued: "queued"
            case .ignored: "ignored"
            case .badSignature: "unauthorized"
            case .badBody, .badType: "malformed"
            case .unusable: "unusable"
            }
        }
    }

    private let settings: ServerSettings
    private let repository: WatchedRepository
    private let secrets: any Secrets
    private let memory: ServerMemory

    package init(
        settings: ServerSettings, repository: WatchedRepository, secrets: any Secrets, memory: ServerMemory
    ) {
        self.settings = settings
        self.repository = repository
        self.secrets = secrets
        self.memory = memory
    }

    package func isConfigured(_ provider: ServerSettings.Provider) -> Bool { settings.hooks[provider] != nil }

    /// - Parameter nowSeconds: since 1970.
    package func judge(_ delivery: Delivery, nowSeconds: Int64) -> Answer {
        let hook = delivery.provider.hook
        let headers = HookHeaders(delivery.headers)
        if hook.isUnsignedPing(headers) { return .ignored("a ping") }
        let key: HookKey
        do throws(SecretProblem) { key = try self.key(of: delivery.provider) } catch {
            return .unusable(error.message)
        }
        guard hook.isAuthentic(headers, delivery.body, key, nowSeconds: nowSeconds) else { return .badSignature }
        guard isAccepted(headers["content-type"], delivery.provider) else { return .badType }
        let content: HookContent
        do { content = try hook.content(headers, delivery.body) } catch let fault as HookFault {
            return .badBody(fault.message)
        } catch {
            return .badBody("the body cannot be read")
        }
        if let id = hook.deliveryID(headers, delivery.body) {
            let isNew = memory.isNew(delivery: "\(delivery.provider.rawValue) \(id)")
            if !isNew { return .ignored("delivered before") }
        }
        switch content {
        case .ask: return .queued
        case .ignored(let reason): return .ignored(reason)
        case .push(let push):
            guard repository.isOurs(push) else { return .ignored("another repository") }
            return repository.concerns(push) ? .queued : .ignored("another ref")
        }
    }

    /// One of several that cannot be read, as during a rotation, takes nothing from the others.
    private func key(of provider: ServerSettings.Provider) throws(SecretProblem) -> HookKey {
        let hook = settings.hooks[provider]
        var found: [String] = []
        var problem: SecretProblem?
        for reference in hook?.secrets ?? [] {
            do throws(SecretProblem) { found.append(try secrets.read(reference).reveal()) } catch { problem = error }
        }
        if found.isEmpty, let problem { throw problem }
        return HookKey(secrets: found.filter { !$0.isEmpty }, username: hook?.username)
    }

    private func isAccepted(_ type: String?, _ provider: ServerSettings.Provider) -> Bool {
        let media = type?.split(separator: ";").first?.trimmingCharacters(in: .whitespaces).lowercased()
        if media == "application/json" || provider == .generic { return true }
        return provider == .github && media == "application/x-www-form-urlencoded"
    }
}
