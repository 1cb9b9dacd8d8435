import Domain

/// The `server` section of `ballast.yaml`.
enum ServerShape {
    static let server = ObjectShape(
        title: "server",
        fields: [
            Field("host", .text(.line), "127.0.0.1 without it."),
            Field("port", .integer(0...65_535), "8080 without it; 0: the system chooses one."),
            Field("tokens", .list(.object(token), sizes: 0...64), "Who may look, and who may decide."),
            Field("hooks", .object(hooks), "Push webhooks of the forges; a provider that is not listed is 404."),
        ])

    static let token = ObjectShape(
        title: "a token",
        fields: [
            Field("name", .text(.name), required: true, "As audit records name it."),
            Field("role", .choice(of: ServerSettings.Role.self), required: true, "What it may do."),
            Field("token", .secret, "What a caller presents."),
            Field("secrets", .list(.secret, sizes: 1...2), "Two, during a rotation."),
        ],
        alternatives: [.init(names: ["token", "secrets"])])

    static let hooks = ObjectShape(
        title: "hooks",
        fields: ServerSettings.Provider.allCases.map { provider in
            Field(provider.rawValue, .object(provider == .azure ? azure : hook), "\(provider.rawValue)'s pushes.")
        } + [
            Field(
                "aliases", .list(.text(.line), sizes: 0...64),
                "Further addresses under which providers know this repository.")
        ])

    private static let hook = ObjectShape(
        title: "a hook",
        fields: [
            Field("secret", .secret, "What it is signed with."),
            Field("secrets", .list(.secret, sizes: 1...2), "Two, during a rotation."),
        ],
        alternatives: [.init(names: ["secret", "secrets"])])

    private static let azure = ObjectShape(
        title: "a hook",
        fields: [Field("username", .text(.id), required: true, "Of HTTP Basic.")] + hook.fields,
        alternatives: hook.alternatives)
}
