import Domain

/// The description of a manifest (`ballast/v1`, `BotVersion`).
enum ManifestShape {
    static let document = ObjectShape(
        title: "a manifest",
        fields: [
            Field("apiVersion", .choice(["ballast/v1"]), required: true, "The version of this format."),
            Field("kind", .choice(["BotVersion"]), required: true, "What the document declares."),
            Field("metadata", .object(metadata), required: true, "How people name the bot."),
            Field("spec", .object(spec), required: true, "What the bot shall run, and under which conditions."),
        ])

    static let metadata = ObjectShape(
        title: "metadata",
        fields: [
            Field("name", .text(.name), required: true, "Unique in the repository."),
            Field("labels", labels, "For selectors and filters."),
        ])

    static let labels = Shape.texts(key: .labelKey, value: TextRule(alphabet: .id, maxCharacters: 256))

    static let spec = ObjectShape(
        title: "spec",
        fields: [
            Field("platform", .text(.name), "A platform of the configuration; without it the only one, or `default`."),
            Field("botId", .text(.id), required: true, "The platform's id of the bot."),
            Field("environment", .text(.id), required: true, "The platform's environment, such as PRODUCTION."),
            Field("version", .text(.id), required: true, "The desired version."),
            Field("fallbackVersion", .text(.id), "Rolled out when the desired version fails."),
            mode, selfHeal,
            Field("suspend", .flag, "True: nothing is rolled out."),
            Field("guards", .object(guards), "What must hold before the platform is touched."),
            Field(
                "verify", .list(.object(verifyCase), sizes: 0...DocumentLimits.maxVerifyCases),
                "Synthetic conversations after the switch; all must pass."),
            onFailure,
        ])

    static let mode = Field(
        "mode", .choice(of: Manifest.Mode.self), "alert: drift is reported, the platform never touched.")
    static let selfHeal = Field("selfHeal", .flag, "False: drift made on the platform is alerted, not undone.")
    static let onFailure = Field(
        "onFailure", .choice(of: Manifest.OnFailure.self), "hold: stay on the failed version and alert.")

    static let guards = ObjectShape(
        title: "guards",
        fields: [
            Field("maxActiveSessions", .integer(0...1_000_000), "So many conversations may be cut by the switch."),
            Field("drainTimeout", .duration(.zero ... .days(7)), "How long to wait for sessions to end."),
            Field("validateDependencies", .flag, "The platform checks intents, entities and skills first."),
            Field("requirePublished", .flag, "The version must be PUBLISHED."),
            Field("requireEnvironmentMatch", .flag, "The version must belong to the environment."),
            Field("cooldown", .duration(.zero ... .days(30)), "Least time between two rollouts of this bot."),
            Field("windows", windows, "When rollouts are allowed or denied; deny beats allow."),
        ])

    static let windows = Shape.list(.object(window), sizes: 0...DocumentLimits.maxWindows)

    static let window = ObjectShape(
        title: "a window",
        fields: [
            Field(
                "kind", .choice(of: Window.Kind.self), required: true, "Whether rollouts are allowed or denied in it."),
            Field("schedule", .schedule, required: true, "When it begins: five cron fields."),
            Field(
                "duration", .duration(.minutes(1)...WindowSet.maxWindowDuration), required: true, "How long it lasts."),
            Field("timeZone", .text(.zone), "IANA name; UTC without it."),
            Field("allowRollback", .flag, "True: a return to a version that was verified here passes."),
        ])

    static let verifyCase = ObjectShape(
        title: "a verify case",
        fields: [
            Field("message", .text(.prose), required: true, "What is said to the bot."),
            Field("intent", .text(.id), required: true, "The intent that it must understand."),
            Field("minConfidence", .number(0...1), "0 without it."),
            Field(
                "entities", .texts(key: .id, value: TextRule(alphabet: .id, maxCharacters: 1024)),
                "Expected name and value."),
            Field("minEntityAccuracy", .number(0...1), "Matched over expected; 1 without it."),
            Field("maxLatency", .duration(.milliseconds(1) ... .minutes(10)), "Longest time to the answer."),
            Field("attempts", .integer(1...DocumentLimits.maxAttempts), "How often it is asked; 1 without it."),
            Field(
                "require", .integer(1...DocumentLimits.maxAttempts),
                "How many attempts must pass; without it, more than half."),
        ],
        needs: [("minEntityAccuracy", "entities")])
}
