/// One entry of `notifications`: who is told what, and how (`product/configuration.md`). Defaults are applied.
package struct SinkSettings: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case webhook, cdevents
        case githubStatus = "github-status"
        case githubDispatch = "github-dispatch"
        case githubDeployment = "github-deployment"
        case gitlabStatus = "gitlab-status"
        case gitlabPipeline = "gitlab-pipeline"
        case giteaStatus = "gitea-status"
        case bitbucketStatus = "bitbucket-status"
        case slack, pagerduty
    }

    package enum Address: Hashable, Sendable {
        case literal(String)
        /// Many services' addresses are secrets; read for every attempt, and never shown whole.
        case secret(SecretReference)
    }

    /// How a CloudEvent travels: as one JSON document, or as headers beside its data.
    package enum Mode: String, Hashable, Sendable, CaseIterable { case structured, binary }

    /// Of CDEvents; receivers read one of them, since 0.5 renamed a member and all types.
    package enum Version: String, Hashable, Sendable, CaseIterable {
        case v05 = "0.5"
        case v04 = "0.4"
    }

    package var name: String
    package var kind = Kind.webhook
    /// The forge kinds and `pagerduty`: the base of the API.
    package var url: Address
    package var caFile: String?
    /// One, or two during a rotation; empty: unsigned.
    package var secrets: [SecretReference] = []
    /// What the service wants to see before it takes anything; two during a rotation, tried in that order.
    package var tokens: [SecretReference] = []
    /// As the forge names it: `team/bots`; GitLab also by number.
    package var repository = ""
    /// The branch on which `gitlab-pipeline` starts a pipeline and to which `gitlab-status` and `bitbucket-status` say
    /// that a commit belongs.
    package var ref = ""
    package var mode = Mode.structured
    package var version = Version.v05
    /// The watched repository as an address without a credential: what events say they come from.
    package var origin = ""
    /// Globs over event types; empty means all.
    package var events: [String] = []
    package var labels: [String: String] = [:]
    package var minSeverity = Severity.info
    package var allowPrivate = false

    package init(name: String, url: Address) {
        self.name = name
        self.url = url
    }
}

extension SinkSettings.Kind {
    /// Shows states of a commit: only the newest counts, so that older ones need not be sent any more.
    package var showsStates: Bool {
        switch self {
        case .githubStatus, .gitlabStatus, .giteaStatus, .bitbucketStatus: true
        case .webhook, .cdevents, .githubDispatch, .githubDeployment, .gitlabPipeline, .slack, .pagerduty: false
        }
    }

    /// Whether it has something to say about this event; the rest is not put in the outbox at all.
    package func takes(_ event: Event) -> Bool {
        switch self {
        case .webhook, .cdevents, .githubDispatch, .gitlabPipeline, .slack: true
        case .githubStatus, .gitlabStatus, .giteaStatus, .bitbucketStatus: CommitStatus(event) != nil
        case .githubDeployment: event.type.hasPrefix("rollout.") && event.rollout != nil && event.commit != nil
        case .pagerduty: event.incident != nil
        }
    }
}
