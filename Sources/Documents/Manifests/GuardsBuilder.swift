import Domain

/// Guards and windows, which manifests and `policy` have alike.
enum GuardsBuilder {
    /// What a `guards` group says; nil where it says nothing.
    static func defaults(
        _ reading: Reading, zones: (any TimeZones)?, _ faults: inout [ShapeChecker.Fault]
    ) -> ManifestDefaults {
        var given = ManifestDefaults()
        given.maxActiveSessions = reading["maxActiveSessions"]?.integer
        given.drainTimeout = reading["drainTimeout"]?.duration
        given.validateDependencies = reading["validateDependencies"]?.flag
        given.requirePublished = reading["requirePublished"]?.flag
        given.requireEnvironmentMatch = reading["requireEnvironmentMatch"]?.flag
        given.cooldown = reading["cooldown"]?.duration
        given.windows = reading["windows"].map { windows($0, zones: zones, &faults) }
        return given
    }

    static func windows(
        _ reading: Reading, zones: (any TimeZones)?, _ faults: inout [ShapeChecker.Fault]
    ) -> [Window] {
        reading.items.map { item in
            let zone = item["timeZone"]?.text ?? "UTC"
            if let given = item["timeZone"], let zones, !zones.exists(zone) {
                faults.append(
                    ShapeChecker.Fault(
                        node: given.node,
                        message: "\(quoted(zone)) is no known time zone: expected an IANA name such as `Europe/Berlin`")
                )
            }
            return Window(
                kind: item["kind"]?.choice(Window.Kind.self) ?? .deny, schedule: item["schedule"]?.text ?? "",
                duration: item["duration"]?.duration ?? .zero, timeZone: zone,
                allowRollback: item["allowRollback"]?.flag ?? false)
        }
    }
}
