import Documents
import Domain
import Live

private let yaml = [
    "---\n", "...\n", "&a ", "*a", "<<: *a", "!!str ", "!!binary ", "? ", ": ", "- ", "|\n", ">-\n", "%YAML 1.1\n", "#",
    "~",
    "  ", "no", "1e3", "0o7", "1.10", "1h30m", "99999999999999999999d", "* * * * *", "0 0 31 2 *", "Europe/Berlin",
    "metadata: {name: x}\n", "spec:\n", "version: v\n", "verify: []\n", "{a: 1, a: 2}",
]

extension Target {
    static let documents: [Target] = [
        Target(name: "manifest", share: 30, words: yaml, read: { try readManifests($0) }),
        Target(
            name: "configuration", share: 20,
            corpus: ["deploy/systemd/ballast.yaml", "deploy/kubernetes/base/ballast.yaml"],
            words: yaml + ["https://", "127.0.0.1", "{file: a}", "{env: A}", "BALLAST_SERVER__PORT=1", "\u{1E}"],
            read: { try readConfiguration($0) }),
    ]
}

private let zones = SystemTimeZones()

private func check(_ problems: [Problem], of bytes: [UInt8]) throws {
    let lines = 1 + bytes.count
    for problem in problems {
        try promise(!problem.message.isEmpty, "a problem without words")
        try promise(problem.line >= 1 && problem.column >= 1, "no place: \(problem)")
        try promise(problem.line <= lines && problem.column <= lines + 1, "a place outside the file: \(problem)")
    }
}

/// What is accepted decodes the same again; what is not has places within the file; an edited version is the only change.
private func readManifests(_ bytes: [UInt8]) throws -> Outcome {
    let decoder = ManifestDecoder(platforms: ["default", "staging"], zones: zones)
    let file = decoder.decode(file: bytes, path: "bots/a.yaml")
    var outcome = Outcome()
    try check(file.problems, of: bytes)
    for problem in file.problems { outcome.add(problem.message) }
    for part in file.parts {
        try check(part.problems, of: bytes)
        for problem in part.problems { outcome.add(problem.message) }
        guard let manifest = part.manifest else {
            try promise(!part.problems.isEmpty, "a bad document without a problem")
            continue
        }
        outcome.succeed()
        let again = decoder.decode(file: part.raw, path: "bots/a.yaml").parts.first?.manifest
        try promise(again == manifest, "a document that reads otherwise by itself")
        _ = WindowSet(manifest.spec.guards, zones: zones).judge(
            at: Timestamp(milliseconds: 1_795_341_600_000), isReturn: false)
        guard let range = part.versionRange else { continue }
        try promise(range.upperBound <= bytes.count, "the version's place is outside the file")
        guard let edited = try? decoder.replacingVersion(in: bytes, document: part.index, with: "v_other") else {
            continue
        }
        let parts = decoder.decode(file: edited, path: "bots/a.yaml").parts
        try promise(
            parts.indices.contains(part.index) && parts[part.index].manifest?.spec.version == "v_other",
            "an edited version reads otherwise")
    }
    return outcome
}

/// The file, and after a record separator (0x1E) lines `NAME=VALUE` of the environment.
private func readConfiguration(_ bytes: [UInt8]) throws -> Outcome {
    let parts = bytes.split(separator: 0x1E, maxSplits: 1, omittingEmptySubsequences: false)
    var environment: [String: String] = [:]
    for line in parts.dropFirst().first?.split(separator: 10) ?? [] {
        let sides = line.split(separator: UInt8(ascii: "="), maxSplits: 1).map { String(decoding: $0, as: UTF8.self) }
        if let name = sides.first { environment[name] = sides.count > 1 ? sides[1] : "" }
    }
    func load() -> Result<Configuration, Problems> {
        ConfigurationLoader.load(
            bytes: Array(parts[0]), path: "/etc/ballast/ballast.yaml", environment: environment, zones: zones)
    }
    switch load() {
    case .success(let configuration):
        if case .success(let again) = load() { try promise(again == configuration, "read otherwise the second time") }
        for secret in ConfigurationLoader.secrets(of: configuration) {
            try promise(!secret.field.isEmpty, "a secret without a field")
        }
        return .good("\(configuration.platforms.count) \(configuration.notifications.map(\.kind))")
    case .failure(let problems):
        try promise(!problems.all.isEmpty, "refused without a problem")
        var outcome = Outcome()
        for problem in problems.all {
            try promise(!problem.message.isEmpty, "a problem without words")
            try promise(problem.line >= 1 || !environment.isEmpty, "no place: \(problem)")
            try promise(problem.line <= bytes.count + 1, "a place outside the file: \(problem)")
            outcome.add(problem.message)
        }
        return outcome
    }
}
