import Domain

/// The description of `policy`.
enum PolicyShape {
    static let policy = ObjectShape(
        title: "policy",
        fields: [
            Field("defaults", .object(defaults), "Where a manifest says nothing."),
            Field("windows", ManifestShape.windows, "Beside those of each manifest."),
            Field("require", .object(require), "What each manifest must have."),
            Field(
                "allow", .list(.object(allow), sizes: 0...1000), "Which folder may name which bots; without it, all."),
        ])

    static let defaults = ObjectShape(
        title: "policy.defaults",
        fields: [
            ManifestShape.mode, ManifestShape.selfHeal,
            Field("guards", .object(ManifestShape.guards), "Thresholds of manifests that give none."),
            ManifestShape.onFailure,
        ])

    static let require = ObjectShape(
        title: "policy.require",
        fields: [
            Field("verify", .flag, "At least one case."),
            Field("validateDependencies", .flag, "Not waived by the manifest."),
            Field("requirePublished", .flag, "Not waived by the manifest."),
            Field("requireEnvironmentMatch", .flag, "Not waived by the manifest."),
            Field(
                "maxActiveSessionsAtMost", .integer(0...1_000_000), "The highest threshold that a manifest may have."),
        ])

    static let allow = ObjectShape(
        title: "an entry of policy.allow",
        fields: [
            Field("path", .text(.line), required: true, "Glob over the path in the repository; ** is any folders."),
            Field("platforms", ids, "Globs; all without it."),
            Field("environments", ids, "Globs; all without it."),
            Field("bots", ids, "Globs over ids; all without it."),
        ])

    private static let ids = Shape.list(.text(.id), sizes: 0...1000)
}
