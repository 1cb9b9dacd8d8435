/// The *version* guard: exists, PUBLISHED, environment matches; the last two can be waived in the manifest, by name.
enum VersionJudge {
    static func verdict(
        _ target: String, among versions: [VersionInfo], guards: Guards, environment: String
    ) -> GuardVerdict {
        guard let version = versions.first(where: { $0.id == target }) else {
            return GuardVerdict(.version, .block, "\(target) does not exist")
        }
        if guards.requirePublished, version.status != "PUBLISHED" {
            return GuardVerdict(
                .version, .block, "\(target) is \(version.status), not PUBLISHED; requirePublished: false waives it")
        }
        if guards.requireEnvironmentMatch, version.environment != environment {
            let its = version.environment.map { "belongs to \($0)" } ?? "names no environment"
            return GuardVerdict(
                .version, .block, "\(target) \(its), not \(environment); requireEnvironmentMatch: false waives it")
        }
        let its = version.environment.map { " for \($0)" } ?? ""
        return GuardVerdict(.version, .pass, "\(target) is \(version.status)\(its)")
    }

    /// `deployment` only where the target is surely newer or nothing is deployed.
    static func direction(from: String?, to target: String, among versions: [VersionInfo]) -> Direction {
        guard let from else { return .deployment }
        guard let (before, after) = dates(from, target, among: versions) else { return .rollback }
        return after > before ? .deployment : .rollback
    }

    /// Surely, that is: both are listed with their dates.
    static func isOlder(_ target: String, than from: String, among versions: [VersionInfo]) -> Bool {
        guard let (before, after) = dates(from, target, among: versions) else { return false }
        return after < before
    }

    private static func dates(
        _ from: String, _ target: String, among versions: [VersionInfo]
    ) -> (Timestamp, Timestamp)? {
        let created = { (id: String) in versions.first { $0.id == id }?.createdAt }
        guard let before = created(from), let after = created(target) else { return nil }
        return (before, after)
    }
}
