import Domain

/// One entry of `notifications`: which fields there are, and which kinds they belong to.
enum SinkShape {
    static let sink = ObjectShape(
        title: "a notification",
        fields: [
            Field("name", .text(.name), required: true, "As it is shown."),
            Field("kind", .choice(of: SinkSettings.Kind.self), required: true, "Who is told, and in what form."),
            Field(
                "url", .addressOrSecret,
                "Where events are sent; of forges and PagerDuty the API's base, which has a default where the service is public."
            ),
            Field("caFile", .text(.line), "PEM file of certificates to trust."),
            Field("secret", .secret, "Signs what is sent (Standard Webhooks)."),
            Field("secrets", .list(.secret, sizes: 1...2), "Two secrets, during a rotation."),
            Field("token", .secret, "What the service wants to see: a forge's token, a trigger token, a routing key."),
            Field("tokens", .list(.secret, sizes: 1...2), "Two tokens, during a rotation."),
            Field("repository", .text(.line), "As the forge names it, such as team/bots; from source.url without it."),
            Field("ref", .text(.id), "Where a pipeline is started; source.branch without it."),
            Field("mode", .choice(of: SinkSettings.Mode.self), "How a CloudEvent travels; structured without it."),
            Field("version", .choice(of: SinkSettings.Version.self), "Of CDEvents; 0.5 without it."),
            Field("events", .list(.text(.id), sizes: 0...64), "Globs over event types; all without it."),
            Field("labels", ManifestShape.labels, "Only bots with these labels."),
            Field("minSeverity", .choice(of: Severity.self), "info without it."),
            Field("allowPrivate", .flag, "True: may be on a private address."),
        ],
        alternatives: [
            .init(names: ["secret", "secrets"], isOptional: true), .init(names: ["token", "tokens"], isOptional: true),
        ],
        cases: .init(field: "kind", rules: SinkSettings.Kind.allCases.map(rule)))

    private static func rule(_ kind: SinkSettings.Kind) -> ObjectShape.Cases.Rule {
        let token = ["token", "tokens"]
        return switch kind {
        case .webhook: .init(words: [kind.rawValue], required: [["url"]], allowed: ["secret", "secrets"])
        case .cdevents:
            .init(words: [kind.rawValue], required: [["url"]], allowed: ["secret", "secrets", "mode", "version"])
        case .slack: .init(words: [kind.rawValue], required: [["url"]])
        case .pagerduty: .init(words: [kind.rawValue], required: [token], allowed: ["url"])
        case .gitlabPipeline:
            .init(words: [kind.rawValue], required: [token], allowed: ["url", "repository", "ref"])
        case .githubStatus, .githubDispatch, .githubDeployment, .gitlabStatus, .giteaStatus, .bitbucketStatus:
            .init(words: [kind.rawValue], required: [token], allowed: ["url", "repository"])
        }
    }
}
